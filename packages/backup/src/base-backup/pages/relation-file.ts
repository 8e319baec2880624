/** What the name of a relation's file says. */
export interface RelationFile {
  /** The relation's file number. */
  readonly number: string
  /** `main` holds the rows; `init` is what an unlogged relation is reset to after a crash. */
  readonly fork: 'main' | 'fsm' | 'vm' | 'init'
  /** Relations are cut into files: `16384.3` is the fourth one. */
  readonly segment: number
}

/** Reads the name of a file in a database's folder; undefined for files that are no relation, and for temporary ones. */
export function parseRelationFile(name: string): RelationFile | undefined {
  const match = /^([1-9]\d{0,9})(?:_(fsm|vm|init))?(?:\.([1-9]\d*))?$/.exec(name)
  if (match === null) return undefined
  const [, number = '', fork = 'main', segment = '0'] = match
  return { number, fork: fork as RelationFile['fork'], segment: Number(segment) }
}

/** Whether a folder of a cluster, by its path in a manifest, holds relations: `base/5`, `global`, `pg_tblspc/16400/PG_18_202506291/5`. */
export function isRelationFolder(path: string): boolean {
  return /^(global|base\/\d+|pg_tblspc\/\d+\/PG_[^/]+\/\d+)$/.test(path)
}
