import { Argument, type Command } from 'commander';
import { editorSchema } from '../policy/schema/editor-schema.ts';
import { configSchema } from '../site/config/site-keys.ts';
import { siteCommand } from './configured.ts';
import type { Terminal } from './terminal/terminal.ts';

export const schemaCommand = (terminal: Terminal): Command =>
  siteCommand('schema', 'Print the JSON Schema of policy files or of the configuration.')
    .addArgument(new Argument('[what]', 'which schema').choices(['policy', 'configuration']).default('policy'))
    .action((what: 'policy' | 'configuration') => {
      const schema = what === 'policy' ? editorSchema() : configSchema();
      terminal.out(`${JSON.stringify(schema, null, 2)}\n`);
    });
