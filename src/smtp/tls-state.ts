import type { TLSSocket } from 'node:tls';
import type { TlsState } from '../transaction/tls-state.ts';

export const tlsStateOf = (socket: TLSSocket): TlsState => {
  const certificate = socket.getPeerX509Certificate();
  const servername: unknown = socket.servername;
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    sni: typeof servername === 'string' && servername !== '' ? servername.toLowerCase() : null,
    clientSubject: certificate !== undefined && socket.authorized ? certificate.subject.split('\n').join(',') : null,
    clientFingerprint: certificate?.fingerprint256 ?? null,
  };
};
