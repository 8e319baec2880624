import type { SyntaxNode, Visitor } from './rule.ts'

/** One place where a file names another module. */
export interface ModuleImport {
  readonly specifier: string
  /** Erased at run time: `import type`, `export type`, `import('x').Type`, or only inline `type` names. */
  readonly typeOnly: boolean
  /** `import('x')`, evaluated when the line is reached. */
  readonly dynamic: boolean
  /** The names imported, `default` and `*` included; empty when they cannot be seen. */
  readonly names: readonly string[]
  readonly node: SyntaxNode
}

interface Literal {
  readonly value?: unknown
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[]
}

interface Specifier {
  readonly type: string
  readonly importKind?: string
  readonly imported?: { readonly name?: string; readonly value?: string }
}

interface Declaration extends SyntaxNode {
  readonly source: Literal | null
  readonly importKind?: string
  readonly exportKind?: string
  readonly specifiers?: readonly Specifier[]
}

const loaders = /^(require|createRequire|getBuiltinModule|resolve)$/

/** A visitor that reports every way of naming a module: import, re-export, `import()`, `require()` and type imports. */
export function visitImports(visit: (found: ModuleImport) => void): Visitor {
  const found = (node: SyntaxNode, source: Literal | null | undefined, more: Partial<ModuleImport> = {}): void => {
    const specifier = textOf(source)
    if (specifier !== undefined) visit({ specifier, typeOnly: false, dynamic: false, names: [], ...more, node })
  }
  const declaration = (node: Declaration): void =>
    found(node, node.source, { typeOnly: isTypeOnly(node), names: (node.specifiers ?? []).map(nameOf) })
  return {
    ImportDeclaration: declaration,
    ExportNamedDeclaration: declaration,
    ExportAllDeclaration: declaration,
    ImportExpression: (node: Declaration) => found(node, node.source, { dynamic: true }),
    TSImportType: (node: Declaration & { readonly argument?: Literal & { readonly literal?: Literal } }) =>
      found(node, node.source ?? node.argument?.literal ?? node.argument, { typeOnly: true }),
    TSExternalModuleReference: (node: SyntaxNode & { readonly expression: Literal }) => found(node, node.expression),
    CallExpression: (node: SyntaxNode & { readonly callee: Callee; readonly arguments: readonly Literal[] }) => {
      const name = node.callee.name ?? node.callee.property?.name
      if (name !== undefined && loaders.test(name)) found(node, node.arguments[0])
    },
  }
}

interface Callee {
  readonly name?: string
  readonly property?: { readonly name?: string }
}

function textOf(source: Literal | null | undefined): string | undefined {
  if (typeof source?.value === 'string') return source.value
  return source?.quasis?.length === 1 ? source.quasis[0]!.value.cooked : undefined
}

function isTypeOnly({ importKind, exportKind, specifiers = [] }: Declaration): boolean {
  if (importKind === 'type' || exportKind === 'type') return true
  return specifiers.length > 0 && specifiers.every((specifier) => specifier.importKind === 'type')
}

function nameOf({ type, imported }: Specifier): string {
  if (type === 'ImportDefaultSpecifier') return 'default'
  return imported?.name ?? imported?.value ?? '*'
}
