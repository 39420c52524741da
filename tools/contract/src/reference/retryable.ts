import ts from 'typescript';

/**
 * Codes of business errors that say of themselves that the same call can succeed later. All others are final.
 *
 * @param sources - texts of TypeScript files
 */
export function retryableCodes(sources: readonly string[]): ReadonlySet<string> {
  const codes = new Set<string>();

  function visit(node: ts.Node): void {
    const code = retryableCode(node);
    if (code !== undefined) codes.add(code);
    ts.forEachChild(node, visit);
  }

  for (const source of sources) {
    // Most files need not be read at all.
    if (source.includes('retryable: true'))
      visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest));
  }
  return codes;
}

/** Of `businessError('code', message, hint, { retryable: true })`. */
function retryableCode(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const [code, , , extras] = node.arguments;
  const isBusinessError = node.expression.text === 'businessError' && code && ts.isStringLiteral(code);
  if (!isBusinessError || !extras || !ts.isObjectLiteralExpression(extras)) return undefined;
  const isRetryable = extras.properties.some(
    (property) =>
      ts.isPropertyAssignment(property) &&
      ts.isIdentifier(property.name) &&
      property.name.text === 'retryable' &&
      property.initializer.kind === ts.SyntaxKind.TrueKeyword,
  );
  return isRetryable ? code.text : undefined;
}
