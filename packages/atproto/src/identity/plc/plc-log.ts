import { systemClock, type Clock } from '@exprsn/core'
import { identityErrors } from '../errors.ts'
import { operationCid, readPlcOperation, stateOf, type PlcOperation, type PlcState } from './plc-operation.ts'
import { didOfGenesis, signerOf } from './plc-signature.ts'

/** For this long a stronger key can undo what a weaker one did. */
export const recoveryWindow = 72 * 60 * 60_000

/** A directory's clock may be ahead of ours by this much. */
const tolerance = 5 * 60_000

/** An operation that was verified in its place. */
export interface PlcEntry {
  readonly cid: string
  readonly operation: PlcOperation
  /** When the directory took it. The one thing that nobody but the directory vouches for. */
  readonly createdAt: Date
  /** The key that signed it, as did:key. */
  readonly signedBy: string
  /** A later operation by a stronger key took its place. */
  readonly nullified: boolean
  /** What it made of the identity; undefined when it gave it up. */
  readonly state: PlcState | undefined
}

/** The whole history of an identity, verified. */
export interface PlcLog {
  readonly did: string
  /** Everything that the directory ever took, in order. */
  readonly entries: readonly PlcEntry[]
  /** The operations that count, in order. */
  readonly active: readonly PlcEntry[]
  /** The last of them. */
  readonly head: PlcEntry
  /** What the identity is now; undefined when its owner gave it up. */
  readonly state: PlcState | undefined
}

/** Options of {@link verifyPlcLog}. */
export interface VerifyPlcLogOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Verifies the audit log of a did:plc from its first operation on, and believes the directory nothing but the times: the
 * DID is the hash of the first operation, every operation is signed by a key that the state before allows, names the one
 * before, and takes the place of others only with a stronger key and within 72 hours. CIDs and marks of the directory
 * must agree with what follows from the operations.
 *
 * @param json the entries, as `GET /<did>/log/audit` answers them
 * @throws `ATPROTO_PLC_LOG_INVALID`, which names the first bad entry
 * @example
 * ```ts no-run
 * import { verifyPlcLog } from '@exprsn/atproto/identity'
 *
 * const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
 * const answer = await fetch(`https://plc.directory/${did}/log/audit`)
 * console.log(verifyPlcLog(did, await answer.json()).state?.alsoKnownAs) // [ 'at://atproto.com' ]
 * ```
 */
export function verifyPlcLog(did: string, json: unknown, { clock = systemClock }: VerifyPlcLogOptions = {}): PlcLog {
  if (!Array.isArray(json) || json.length === 0) throw problem(did, 0, 'there is no first operation')
  const latest = clock.now() + tolerance
  const accepted: Accepted[] = []
  let active: Accepted[] = []
  for (const [index, claimed] of json.entries()) {
    const entry = readEntry(did, index, claimed)
    const after = accepted.at(-1)?.createdAt.getTime() ?? 0
    if (entry.createdAt.getTime() < after) throw problem(did, index, 'it is older than the one before')
    if (entry.createdAt.getTime() > latest) throw problem(did, index, 'it is from the future')
    const placed = placeOperation(active, entry, (reason) => problem(did, index, reason))
    if (index === 0 && didOfGenesis(entry.operation) !== did) throw problem(did, 0, 'the DID is not its hash')
    const next = { ...entry, signedBy: placed.signedBy }
    active = [...active.slice(0, placed.position), next]
    accepted.push(next)
  }
  const counting = new Set(active)
  const entries = accepted.map((entry, index) => finish(did, index, entry, !counting.has(entry)))
  const current = entries.filter(({ nullified }) => !nullified)
  const head = current.at(-1)!
  return { did, entries, active: current, head, state: head.state }
}

/** An operation with what is known before its place is. */
interface Candidate {
  readonly cid: string
  readonly operation: PlcOperation
  readonly createdAt: Date
  readonly claimedNullified: unknown
}

interface Accepted extends Candidate {
  readonly signedBy: string
}

/** Where an operation goes, and who signed it. */
function placeOperation(
  active: readonly Accepted[],
  { operation, createdAt }: Candidate,
  refuse: (reason: string) => Error,
): { readonly position: number; readonly signedBy: string } {
  if (active.length === 0) {
    const state = operation.prev === null ? stateOf(operation) : undefined
    if (state === undefined) throw refuse('it does not begin a log')
    const signedBy = signerOf(operation, state.rotationKeys)
    if (signedBy === undefined) throw refuse('none of its own rotation keys signed it')
    return { position: 0, signedBy }
  }
  const position = active.findIndex(({ cid }) => cid === operation.prev) + 1
  if (position === 0) throw refuse('its prev is not an operation that counts')
  const state = stateOf(active[position - 1]!.operation)
  if (state === undefined) throw refuse('it follows a tombstone')
  const displaced = active[position]
  const allowed = displaced === undefined ? state.rotationKeys : strongerKeys(state, displaced.signedBy)
  const signedBy = signerOf(operation, allowed)
  if (signedBy === undefined)
    throw refuse(displaced === undefined ? 'no rotation key signed it' : 'no stronger key signed it')
  if (displaced !== undefined && createdAt.getTime() - displaced.createdAt.getTime() > recoveryWindow)
    throw refuse('it undoes what is older than 72 hours')
  return { position, signedBy }
}

/** The keys that may undo what another key of the same state did. */
export function strongerKeys({ rotationKeys }: PlcState, signedBy: string): readonly string[] {
  return rotationKeys.slice(0, rotationKeys.indexOf(signedBy))
}

function readEntry(did: string, index: number, json: unknown): Candidate {
  const claimed = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>
  if (claimed.did !== undefined && claimed.did !== did) throw problem(did, index, 'it is of another identity')
  const createdAt = new Date(typeof claimed.createdAt === 'string' ? claimed.createdAt : Number.NaN)
  if (Number.isNaN(createdAt.getTime())) throw problem(did, index, 'it has no time')
  let operation: PlcOperation
  try {
    operation = readPlcOperation(claimed.operation)
  } catch (cause) {
    throw identityErrors.ATPROTO_PLC_LOG_INVALID({ did, index, reason: 'its operation is invalid' }, { cause })
  }
  const cid = String(operationCid(operation))
  if (claimed.cid !== cid) throw problem(did, index, 'its CID is not that of its operation')
  return { cid, operation, createdAt, claimedNullified: claimed.nullified }
}

function finish(did: string, index: number, entry: Accepted, nullified: boolean): PlcEntry {
  const { cid, operation, createdAt, signedBy, claimedNullified } = entry
  if (claimedNullified !== nullified) throw problem(did, index, 'the directory marks it wrongly')
  return { cid, operation, createdAt, signedBy, nullified, state: stateOf(operation) }
}

function problem(did: string, index: number, reason: string): Error {
  return identityErrors.ATPROTO_PLC_LOG_INVALID({ did, index, reason })
}
