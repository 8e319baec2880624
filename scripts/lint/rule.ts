// The part of ESLint's rule interface that oxlint's JS plugins offer and these rules use.

/** A syntax node (ESTree). */
export interface SyntaxNode {
  readonly type: string
  readonly parent?: SyntaxNode | undefined
  readonly [field: string]: unknown
}

/** The names that are visible somewhere. */
export interface Scope {
  readonly upper: Scope | null
  readonly set: ReadonlyMap<string, { readonly defs: readonly unknown[] }>
}

/** What a rule is given for each file. */
export interface RuleContext {
  /** Absolute path of the file. */
  readonly filename: string
  /** The folder that lint runs in: the repository's root. */
  readonly cwd: string
  readonly sourceCode: { readonly getScope: (node: SyntaxNode) => Scope }
  readonly report: (problem: { readonly node: SyntaxNode; readonly message: string }) => void
}

/** Functions called for the nodes of a file, by node type. */
export type Visitor = Readonly<Record<string, (node: never) => void>>

/** One rule of the plugin. */
export interface Rule {
  readonly create: (context: RuleContext) => Visitor
}
