import type ts from 'typescript';

export type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

/**
 * The function of a file: of a classic script the last value, of a module the default export, where its parameters are
 * called as those of a Nex function. Names lead to what is declared at the top of the same file.
 */
export function findFunction(typescript: typeof ts, file: ts.SourceFile): FunctionNode | undefined {
  for (const statement of file.statements.toReversed()) {
    if (typescript.isExpressionStatement(statement)) {
      return resolve(typescript, file, statement.expression);
    }
    const exported = defaultExport(typescript, file, statement);
    if (exported !== undefined) return takesMessage(exported) ? exported : undefined;
  }
  return undefined;
}

/** Whether its author has said what its parameters are. */
export function isDescribed(typescript: typeof ts, found: FunctionNode): boolean {
  return (
    typescript.getJSDocType(found) !== undefined ||
    found.parameters.some((one) => typescript.getJSDocType(one) !== undefined)
  );
}

function defaultExport(
  typescript: typeof ts,
  file: ts.SourceFile,
  statement: ts.Statement,
): FunctionNode | undefined {
  if (typescript.isExportAssignment(statement)) {
    return resolve(typescript, file, statement.expression);
  }
  const isDefault =
    typescript.isFunctionDeclaration(statement) &&
    statement.modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.DefaultKeyword) === true;
  return isDefault ? statement : undefined;
}

function resolve(
  typescript: typeof ts,
  file: ts.SourceFile,
  expression: ts.Expression,
): FunctionNode | undefined {
  if (typescript.isParenthesizedExpression(expression)) {
    return resolve(typescript, file, expression.expression);
  }
  if (typescript.isArrowFunction(expression) || typescript.isFunctionExpression(expression)) {
    return expression;
  }
  if (!typescript.isIdentifier(expression)) return undefined;
  const { text } = expression;
  for (const statement of file.statements) {
    if (typescript.isFunctionDeclaration(statement) && statement.name?.text === text) {
      return statement;
    }
    if (!typescript.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const isIt = typescript.isIdentifier(name) && name.text === text;
      if (isIt && initializer !== undefined && !typescript.isIdentifier(initializer)) {
        return resolve(typescript, file, initializer);
      }
    }
  }
  return undefined;
}

/** Default exports of a plain `.js` file may be anything: a configuration, a component. */
function takesMessage({ parameters }: FunctionNode): boolean {
  const names = ['subject', 'payload'];
  return parameters.some(({ name }, index) => 'text' in name && name.text === names[index]);
}
