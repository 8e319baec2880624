import { identityErrors } from '../errors.ts'
import { changeState, differencesOf, type PlcChange, type PlcDifference } from './plc-change.ts'
import { strongerKeys, type PlcEntry, type PlcLog } from './plc-log.ts'
import { checkState, type PlcState, type UnsignedPlcOperation } from './plc-operation.ts'

/** A change of an identity before it is signed: what a person should see. */
export interface PlcPlan {
  readonly did: string
  readonly operation: UnsignedPlcOperation
  /** The keys that may sign it, the strongest first. */
  readonly signers: readonly string[]
  readonly differences: readonly PlcDifference[]
  /** What it undoes; empty when it only follows. */
  readonly undoes: readonly PlcEntry[]
  /** What may not have been meant. */
  readonly warnings: readonly PlcWarning[]
}

/** What a change may do that was not meant. */
export type PlcWarning =
  /** The key that signs will have no say afterwards. */
  | 'signer-loses-control'
  /** The repository has to be signed anew with the other key. */
  | 'signing-key-changes'
  /** The account moves to another server, where its repository has to be. */
  | 'server-changes'
  /** There is but one key left: who loses it loses the identity. */
  | 'single-rotation-key'
  /** After 72 hours nobody can take it back. */
  | 'final'

/**
 * Plans a change on top of what is now, or, with `to`, of what was once, whose successors it undoes.
 *
 * @throws `ATPROTO_PLC_CHANGE_REFUSED`, `ATPROTO_PLC_OPERATION_INVALID`
 */
export function planChange(
  log: PlcLog,
  change: PlcChange,
  { to, signer }: { readonly to?: string | undefined; readonly signer?: string | undefined } = {},
): PlcPlan {
  const { did } = log
  const { base, state, undoes } = baseOf(log, to)
  const after = changeState(did, state, change)
  checkState(after)
  const differences = differencesOf(log.state, after)
  if (differences.length === 0) throw refused(did, 'nothing would change')
  const signers = signersOf(state, undoes)
  checkSigner(did, signers, signer)
  const operation = { type: 'plc_operation', ...after, prev: base.cid } as const
  return { did, operation, signers, differences, undoes, warnings: warningsOf(differences, after, signer) }
}

/** Plans to give an identity up. @throws `ATPROTO_PLC_CHANGE_REFUSED` */
export function planTombstone(log: PlcLog, { signer }: { readonly signer?: string | undefined } = {}): PlcPlan {
  const { base, state } = baseOf(log, undefined)
  checkSigner(log.did, state.rotationKeys, signer)
  return {
    did: log.did,
    operation: { type: 'plc_tombstone', prev: base.cid },
    signers: state.rotationKeys,
    differences: differencesOf(log.state, undefined),
    undoes: [],
    warnings: ['final'],
  }
}

function baseOf(
  { did, active, head }: PlcLog,
  to: string | undefined,
): { readonly base: PlcEntry; readonly state: PlcState; readonly undoes: readonly PlcEntry[] } {
  const index = to === undefined ? active.length - 1 : active.findIndex(({ cid }) => cid === to)
  const base = active[index]
  if (base === undefined) throw refused(did, `${to} is not an operation that counts`)
  if (base.state === undefined) {
    const reason =
      base === head
        ? 'it was given up; recover() can go back to an operation before, for 72 hours'
        : 'it was given up there'
    throw refused(did, reason)
  }
  return { base, state: base.state, undoes: active.slice(index + 1) }
}

function signersOf(state: PlcState, [first]: readonly PlcEntry[]): readonly string[] {
  return first === undefined ? state.rotationKeys : strongerKeys(state, first.signedBy)
}

function checkSigner(did: string, signers: readonly string[], signer: string | undefined): void {
  if (signer === undefined || signers.includes(signer)) return
  throw refused(did, signers.length === 0 ? 'no key is strong enough to undo it' : 'its key may not sign this')
}

function warningsOf(
  differences: readonly PlcDifference[],
  after: PlcState,
  signer: string | undefined,
): readonly PlcWarning[] {
  const changes = (field: string): boolean =>
    differences.some((each) => each.field === field && each.before !== undefined)
  return [
    ...(signer !== undefined && !after.rotationKeys.includes(signer) ? (['signer-loses-control'] as const) : []),
    ...(changes('verificationMethods.atproto') ? (['signing-key-changes'] as const) : []),
    ...(changes('services.atproto_pds') ? (['server-changes'] as const) : []),
    ...(after.rotationKeys.length === 1 ? (['single-rotation-key'] as const) : []),
  ]
}

function refused(did: string, reason: string): Error {
  return identityErrors.ATPROTO_PLC_CHANGE_REFUSED({ did, reason })
}
