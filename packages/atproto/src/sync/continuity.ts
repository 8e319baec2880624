import type { RepoRow } from './repo-row.ts'

/** What a commit says of its place among the others. */
export interface CommitPlace {
  readonly rev: string
  readonly since: string | undefined
  /** Root of the tree before, as text; older hosts leave it out. */
  readonly prevData: string | undefined
}

/**
 * Whether a commit may be applied to what is known: `apply`; `stale`, it was; `gap`, others are missing before it, so the
 * whole repository is needed; `note`, that is being fetched already.
 */
export type Continuity = 'apply' | 'stale' | 'gap' | 'note'

/** Decides where a verified commit stands. */
export function continuityOf(
  { rev, since, prevData }: CommitPlace,
  row: RepoRow,
  proof: 'inductive' | 'legacy',
): Continuity {
  if (row.state === 'desynced') return 'note'
  // Revisions are TIDs: their order as text is their order in time.
  if (row.rev !== undefined && rev <= row.rev) return 'stale'
  // The proof has shown that a commit without `since` comes from an empty tree.
  if (row.state === 'new' || row.state === 'gone') return since === undefined ? 'apply' : 'gap'
  const sameTree = prevData === row.data || (proof === 'legacy' && prevData === undefined)
  return since === row.rev && sameTree ? 'apply' : 'gap'
}
