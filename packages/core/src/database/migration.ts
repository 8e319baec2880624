/** What a migration's text may ask for: names of tables under the host's prefix and schema. */
export interface MigrationNames {
  /** @default '' */
  readonly prefix: string
  /** PostgreSQL only; undefined leaves it to the connection's search path. */
  readonly schema: string | undefined
  /** The quoted name of a table: `table('jobs')` is `"exprsn_jobs"`, or `"app"."exprsn_jobs"` with a schema. */
  table(name: string): string
  /** The quoted name of an index, which carries the prefix but never the schema. */
  index(name: string): string
}

/** SQL text of one or more statements, or a function that writes it for the host's names. */
export type MigrationText = string | ((names: MigrationNames) => string)

/** One step of a schema. Once released it never changes. */
export type Migration =
  | { readonly id: string; readonly sql: MigrationText }
  | { readonly id: string; readonly sqlite: MigrationText; readonly postgres: MigrationText }

/** The steps of one owner of tables, in order: a block such as jobs, or the host itself. */
export interface MigrationSet {
  readonly name: string
  readonly migrations: readonly Migration[]
}

/** Names one migration. */
export interface MigrationReference {
  readonly set: string
  readonly id: string
}

/** Where the tables go. */
export interface MigrationNaming {
  /** Put before the name of every table, also of the table of applied migrations. @default 'exprsn_' */
  readonly prefix?: string | undefined
  /** PostgreSQL's schema for every table, made when missing; SQLite has none and ignores it. */
  readonly schema?: string | undefined
}
