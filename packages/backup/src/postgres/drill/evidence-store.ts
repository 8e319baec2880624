import type { Repository } from '../../repository/index.ts'
import { contextOf } from '../../repository/repository-context.ts'
import { decodeSignedJson, encodeSignedJson } from '../../evidence/signed-json.ts'
import { signingKey } from '../../evidence/signing-key.ts'
import type { DrillEvidence } from './evidence.ts'

const folderOf = (source: string): string => `x-exprsn/drills/${source}/`

/** Keeps the evidence of a drill beside the repository, where restic does not look. */
export async function storeEvidence(
  repository: Repository,
  evidence: DrillEvidence,
  signal?: AbortSignal,
): Promise<void> {
  const context = contextOf(repository)
  const key = `${folderOf(evidence.source)}${evidence.time.replace(/[:.]/g, '-')}.json`
  await context.store.put(key, encodeSignedJson('restore-drill', evidence, signingKey(context).sign), { signal })
}

/** The drills of a source, the newest last; what was changed or is no evidence is left out. */
export async function loadEvidence(
  repository: Repository,
  source: string,
  signal?: AbortSignal,
): Promise<DrillEvidence[]> {
  const context = contextOf(repository)
  const { verify } = signingKey(context)
  const found: DrillEvidence[] = []
  for (const { key } of await context.store.list(folderOf(source), signal)) {
    const evidence = decodeSignedJson('restore-drill', await context.store.get(key, { signal }), verify) as
      | DrillEvidence
      | undefined
    // Evidence of another source is left out, wherever it was copied to.
    if (evidence?.source === source) found.push(evidence)
  }
  return found.sort((left, right) => (left.time < right.time ? -1 : 1))
}
