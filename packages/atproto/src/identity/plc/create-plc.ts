import { systemClock, type Clock } from '@exprsn/core'
import { identityErrors } from '../errors.ts'
import { changeState, type PlcChange } from './plc-change.ts'
import type { PlcCallOptions, PlcDirectory } from './plc-directory.ts'
import { verifyPlcLog, type PlcLog } from './plc-log.ts'
import { checkState, operationCid, type PlcOperation, type PlcState } from './plc-operation.ts'
import { planChange, planTombstone, type PlcPlan } from './plc-plan.ts'
import { recoveryPaths, type RecoveryPath } from './plc-recovery.ts'
import { didOfGenesis, signOperation, type Signer } from './plc-signature.ts'

/** Options of {@link createPlc}. */
export interface PlcOptions {
  /** Where the identities are kept. */
  readonly directory: PlcDirectory
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** What every change takes. */
export interface PlcChangeOptions extends PlcCallOptions {
  /** Signs the operation; one of the rotation keys. */
  readonly signer: Signer
  /** Plans, signs nothing and sends nothing. @default false */
  readonly dryRun?: boolean | undefined
}

/** What {@link Plc.create} makes an identity of. */
export interface NewPlcIdentity extends PlcChangeOptions {
  readonly handle: string
  /** The origin of the account's server. */
  readonly pds: string
  /** The did:key that signs the repository. */
  readonly signingKey: string
  /** The keys that may change the identity, the strongest first. @default that of the signer alone */
  readonly rotationKeys?: readonly string[] | undefined
  /** What else belongs to it. @default {} */
  readonly change?: PlcChange | undefined
}

/** What became of a change. */
export interface PlcResult {
  readonly plan: PlcPlan
  /** The operation that the directory took; undefined after a dry run. */
  readonly operation: PlcOperation | undefined
  /** The CID of it. */
  readonly cid: string | undefined
}

/** What became of a new identity. */
export interface PlcCreated {
  readonly did: string
  readonly operation: PlcOperation
  readonly cid: string
}

/** Changes identities of the method did:plc. Everything is decided by logs that were verified here. */
export interface Plc {
  /** The verified history. @throws `ATPROTO_PLC_LOG_INVALID`, `ATPROTO_DID_NOT_FOUND`, `ATPROTO_DID_UNRESOLVED` */
  log(did: string, options?: PlcCallOptions): Promise<PlcLog>
  /** Makes an identity. With `dryRun` it is signed, which gives its DID, but not handed in. */
  create(identity: NewPlcIdentity): Promise<PlcCreated>
  /** Changes any part of an identity. */
  update(did: string, change: PlcChange, options: PlcChangeOptions): Promise<PlcResult>
  /** Puts other keys in control. */
  rotateKeys(did: string, rotationKeys: readonly string[], options: PlcChangeOptions): Promise<PlcResult>
  /** Gives the account another handle. */
  updateHandle(did: string, handle: string, options: PlcChangeOptions): Promise<PlcResult>
  /** The ways back that the keys at hand still have. */
  recoveryPaths(
    did: string,
    options: PlcCallOptions & { readonly keys: readonly string[] },
  ): Promise<readonly RecoveryPath[]>
  /** Goes back to an operation, undoing those behind it, and changes more if asked to. */
  recover(
    did: string,
    options: PlcChangeOptions & { readonly to: string; readonly change?: PlcChange | undefined },
  ): Promise<PlcResult>
  /**
   * Gives an identity up for ever.
   *
   * @throws `ATPROTO_PLC_CONFIRMATION_MISSING` unless `confirm` is the DID again
   */
  tombstone(did: string, options: PlcChangeOptions & { readonly confirm?: string | undefined }): Promise<PlcResult>
}

/**
 * Makes, changes, recovers and gives up identities of the method did:plc. Every change is planned on the verified log,
 * handed in, and then looked up: it counts only when the log verifies with it at its head.
 *
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createPlc, httpPlcDirectory } from '@exprsn/atproto/identity'
 *
 * await using client = createClient()
 * const plc = createPlc({ directory: httpPlcDirectory({ client }) })
 * const [recovery, daily] = [createSigningKey('k256'), createSigningKey('k256')]
 * const { did } = await plc.create({
 *   handle: 'alice.example.com',
 *   pds: 'https://pds.example.com',
 *   signingKey: createSigningKey('p256').didKey,
 *   rotationKeys: [recovery.didKey, daily.didKey],
 *   signer: daily,
 * })
 * const { plan } = await plc.updateHandle(did, 'alice.example.org', { signer: daily, dryRun: true })
 * console.log(plan.differences)
 * ```
 */
export function createPlc({ directory, clock = systemClock }: PlcOptions): Plc {
  const fetchLog = async (did: string, { signal }: PlcCallOptions = {}): Promise<PlcLog> =>
    verifyPlcLog(did, await directory.auditLog(did, { signal }), { clock })

  async function apply(plan: PlcPlan, { signer, dryRun = false, signal }: PlcChangeOptions): Promise<PlcResult> {
    if (dryRun) return { plan, operation: undefined, cid: undefined }
    const operation = await signOperation(plan.operation, signer)
    await directory.submit(plan.did, operation, { signal })
    return { plan, operation, cid: await confirmed(plan.did, operation, signal) }
  }

  /** A directory that says yes and does no is found out. */
  async function confirmed(did: string, operation: PlcOperation, signal: AbortSignal | undefined): Promise<string> {
    const cid = String(operationCid(operation))
    const { head } = await fetchLog(did, { signal })
    if (head.cid !== cid) throw identityErrors.ATPROTO_PLC_REJECTED({ did, reason: 'it is not the head of the log' })
    return cid
  }

  async function update(
    did: string,
    change: PlcChange,
    options: PlcChangeOptions & { readonly to?: string | undefined },
  ): Promise<PlcResult> {
    const { signer, to } = options
    return apply(planChange(await fetchLog(did, options), change, { to, signer: signer.didKey }), options)
  }

  return {
    log: fetchLog,
    async create(identity) {
      const { signer, dryRun = false, signal } = identity
      const state = firstState(identity)
      const operation = await signOperation({ type: 'plc_operation', ...state, prev: null } as const, signer)
      const did = didOfGenesis(operation)
      if (dryRun) return { did, operation, cid: String(operationCid(operation)) }
      await directory.submit(did, operation, { signal })
      return { did, operation, cid: await confirmed(did, operation, signal) }
    },
    update: (did, change, options) => update(did, change, { ...options, to: undefined }),
    rotateKeys: (did, rotationKeys, options) => update(did, { rotationKeys }, { ...options, to: undefined }),
    updateHandle: (did, handle, options) => update(did, { handle }, { ...options, to: undefined }),
    recoveryPaths: async (did, { keys, signal }) => recoveryPaths(await fetchLog(did, { signal }), { keys, clock }),
    async recover(did, options) {
      const log = await fetchLog(did, options)
      const { to, change = {}, signer } = options
      const plan = planChange(log, change, { to, signer: signer.didKey })
      const paths = recoveryPaths(log, { keys: [signer.didKey], clock })
      if (!paths.some((path) => path.to === to))
        throw identityErrors.ATPROTO_PLC_CHANGE_REFUSED({
          did,
          reason: 'the 72 hours for it are over, or there is nothing to undo',
        })
      return apply(plan, options)
    },
    async tombstone(did, options) {
      if (options.dryRun !== true && options.confirm !== did)
        throw identityErrors.ATPROTO_PLC_CONFIRMATION_MISSING({ did })
      return apply(planTombstone(await fetchLog(did, options), { signer: options.signer.didKey }), options)
    },
  }
}

function firstState({
  handle,
  pds,
  signingKey,
  signer,
  rotationKeys = [signer.didKey],
  change = {},
}: NewPlcIdentity): PlcState {
  const empty = { rotationKeys, verificationMethods: {}, alsoKnownAs: [], services: {} }
  const state = changeState('(new)', empty, { handle, pds, signingKey, ...change })
  checkState(state)
  if (!state.rotationKeys.includes(signer.didKey))
    throw identityErrors.ATPROTO_PLC_CHANGE_REFUSED({
      did: '(new)',
      reason: 'its signer is not among the rotation keys',
    })
  return state
}
