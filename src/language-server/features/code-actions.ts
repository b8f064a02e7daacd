import { type CodeAction, CodeActionKind, type Range, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver/node';
import type { Diagnostic, Edit } from '../../policy/diagnostic.ts';
import { rangeOf, touches } from '../positions.ts';
import { shown } from './diagnostics.ts';

/** Edits of a site as an editor carries them out, all or none. */
export const workspaceEdit = (edits: readonly Edit[], uriOf: (file: string) => string): WorkspaceEdit => {
  const changes: Record<string, TextEdit[]> = {};
  for (const { at, text } of edits) {
    const uri = uriOf(at.file);
    changes[uri] = [...(changes[uri] ?? []), { range: rangeOf(at), newText: text }];
  }
  return { changes };
};

/** What can be written for the findings of a file in a range. */
export const codeActions = (
  diagnostics: readonly Diagnostic[],
  place: { readonly file: string; readonly range: Range },
  uriOf: (file: string) => string,
): readonly CodeAction[] =>
  diagnostics
    .filter(({ at }) => at.file === place.file && touches(rangeOf(at), place.range))
    .flatMap((diagnostic) =>
      diagnostic.fixes.map(({ title, safe, edits }, index) => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [shown(diagnostic, uriOf)],
        isPreferred: safe && index === 0,
        edit: workspaceEdit(edits, uriOf),
      })),
    );
