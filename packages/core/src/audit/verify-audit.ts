import type { AuditCheckpoint, AuditPublicKeys } from './checkpoint.ts'
import { isSigned } from './checkpoint.ts'
import { leafHash, MerkleFrontier } from './merkle.ts'
import { emptyHead, parseRecord, type AuditHead, type StoredRecord } from './record.ts'

/** One thing in a log, in the order it was written. */
export type AuditEntry = StoredRecord | AuditCheckpoint

/** Options of {@link verifyAudit}. */
export interface VerifyAuditOptions {
  /** Keys that checkpoints may be signed with. A checkpoint of another key counts as forged. @default none */
  readonly publicKeys?: AuditPublicKeys | undefined
  /** A checkpoint that was kept elsewhere: only with one can a log that was cut off at the end be told. @default none */
  readonly trusted?: AuditCheckpoint | undefined
  /** Ends the verification. */
  readonly signal?: AbortSignal | undefined
}

/** What is wrong with a log, at the first place where anything is. */
export type AuditFault = 'altered' | 'missing' | 'reordered' | 'truncated' | 'forged-checkpoint'

/** The outcome of {@link verifyAudit}. */
export type AuditReport =
  | { readonly ok: true; readonly records: number; readonly checkpoints: number; readonly head: string }
  | {
      readonly ok: false
      readonly kind: AuditFault
      /** The first bad record, or for a checkpoint the number of records it speaks of. */
      readonly sequence: number
      readonly reason: string
    }

/**
 * Reads a log from its first record and names the first that is not as it was written: `altered` (its content, its hash or
 * its link), `missing`, `reordered` (also one that stands there twice), `truncated` (fewer records than a checkpoint speaks
 * of), or `forged-checkpoint`.
 */
export async function verifyAudit(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  { publicKeys = {}, trusted, signal }: VerifyAuditOptions = {},
): Promise<AuditReport> {
  if (trusted !== undefined && !isSigned(trusted, publicKeys))
    return forged(trusted, 'the trusted checkpoint has no right signature')
  const frontier = new MerkleFrontier()
  let head: AuditHead = emptyHead
  let sound = 0
  let checkpoints = 0
  let gap: number | undefined
  for await (const entry of entries) {
    signal?.throwIfAborted()
    if (gap !== undefined) {
      // One record is out of place: whether it was moved or removed shows in what follows.
      if (entry.type === 'record' && parseRecord(entry.text)?.sequence === gap)
        return fault('reordered', gap, 'it stands later in the log')
      continue
    }
    if (entry.type === 'checkpoint') {
      const report = judgeCheckpoint(entry, frontier, sound, publicKeys)
      if (report !== undefined) return report
      sound = Math.max(sound, entry.size)
      checkpoints++
      continue
    }
    const report = judgeRecord(entry, head)
    if (report === 'gap') {
      gap = head.sequence + 1
      continue
    }
    if (report !== undefined) return report
    head = { sequence: head.sequence + 1, hash: entry.hash }
    frontier.add(Buffer.from(entry.hash, 'hex'))
    if (trusted?.size === head.sequence) {
      const differs = judgeCheckpoint(trusted, frontier, sound, publicKeys)
      if (differs !== undefined) return differs
    }
  }
  if (gap !== undefined) return fault('missing', gap, 'it is not in the log')
  if (trusted !== undefined && trusted.size > head.sequence)
    return fault('truncated', head.sequence + 1, `the checkpoint speaks of ${trusted.size} records`)
  return { ok: true, records: head.sequence, checkpoints, head: head.hash }
}

function judgeRecord(entry: StoredRecord, head: AuditHead): AuditReport | 'gap' | undefined {
  const expected = head.sequence + 1
  const record = parseRecord(entry.text)
  if (record === undefined) return fault('altered', expected, 'it is not a record')
  if (leafHash(entry.text).toString('hex') !== entry.hash)
    return fault('altered', expected, 'its content does not have its hash')
  if (record.sequence > expected) return 'gap'
  if (record.sequence < expected) return fault('reordered', record.sequence, 'it stands in the log a second time')
  if (record.previous !== head.hash) return fault('altered', expected, 'it does not follow the record before it')
  return undefined
}

function judgeCheckpoint(
  checkpoint: AuditCheckpoint,
  frontier: MerkleFrontier,
  sound: number,
  keys: AuditPublicKeys,
): AuditReport | undefined {
  if (!isSigned(checkpoint, keys)) return forged(checkpoint, 'it has no right signature')
  const { size, root } = checkpoint
  if (size > frontier.size) return fault('truncated', frontier.size + 1, `a checkpoint speaks of ${size} records`)
  // An earlier state cannot be computed any more; its own place in the log comes before this one.
  if (size < frontier.size) return forged(checkpoint, 'it stands behind records that it does not know')
  if (root === frontier.root().toString('hex')) return undefined
  return fault('altered', sound + 1, `records ${sound + 1} to ${size} are not those that the checkpoint speaks of`)
}

function forged({ size }: AuditCheckpoint, reason: string): AuditReport {
  return fault('forged-checkpoint', Number(size), reason)
}

function fault(kind: AuditFault, sequence: number, reason: string): AuditReport {
  return { ok: false, kind, sequence, reason }
}
