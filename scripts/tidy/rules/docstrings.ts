import { type Rule, sourceRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { isNode, type Node } from '../walk.ts';
import { isTest } from '../workspace.ts';

/** Every exported function of the protocol says what it takes, gives and refuses. */
export const docstrings: Rule = sourceRule(
  'docstrings',
  (path) => path.startsWith('packages/protocol/src/') && !isTest(path),
  (source) =>
    exportedFunctions(source.program)
      .filter(({ statement }) => !hasDocstring(source, statement))
      .map(({ name, statement }) => ({
        offset: statement.start,
        message: `${name} is exported without a docstring`,
      })),
);

function exportedFunctions(program: Node): { name: string; statement: Node }[] {
  return (program.body as Node[]).flatMap((statement) => {
    const declaration = statement.declaration;
    if (!statement.type.startsWith('Export') || !isNode(declaration)) return [];
    return functionNames(declaration).map((name) => ({ name, statement }));
  });
}

function functionNames(declaration: Node): string[] {
  if (declaration.type === 'FunctionDeclaration') return [nameOf(declaration)];
  if (declaration.type !== 'VariableDeclaration') return [];
  return (declaration.declarations as Node[])
    .filter(({ init }) => isNode(init) && /^(?:Arrow)?Function/.test(init.type))
    .map(nameOf);
}

function nameOf({ id }: Node): string {
  return isNode(id) ? String(id.name) : 'the default export';
}

/** A docstring ends right before the export, with nothing but space between. */
function hasDocstring({ comments, text }: Source, statement: Node): boolean {
  return comments.some(
    (comment) =>
      comment.type === 'Block' &&
      comment.value.startsWith('*') &&
      comment.end <= statement.start &&
      text.slice(comment.end, statement.start).trim() === '',
  );
}
