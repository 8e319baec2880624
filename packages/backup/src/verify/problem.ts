/** What can be wrong with a repository. */
export type RepositoryProblemKind =
  | 'pack-missing'
  | 'pack-size'
  | 'pack-header'
  | 'pack-damaged'
  | 'blob-damaged'
  | 'blob-missing'
  | 'index-damaged'
  | 'snapshot-damaged'
  | 'tree-damaged'
  | 'key-damaged'

/** One finding of a check. */
export interface RepositoryProblem {
  readonly kind: RepositoryProblemKind
  /** The object or blob: a key of the store, or `tree <id>` and `data <id>`. */
  readonly object: string
  /** For people. */
  readonly reason: string
}

/** A file or folder of a snapshot that cannot be restored as it was. */
export interface AffectedEntry {
  readonly snapshot: string
  readonly path: string
}
