import type { Clock } from '@exprsn/core'
import { identityErrors } from '../../src/identity/errors.ts'
import type { PlcDirectory } from '../../src/identity/plc/plc-directory.ts'
import { verifyPlcLog } from '../../src/identity/plc/plc-log.ts'
import { operationCid, stateOf, type PlcOperation } from '../../src/identity/plc/plc-operation.ts'

/** An entry as a directory answers it. */
export interface AuditEntry {
  did: string
  operation: PlcOperation
  cid: string
  nullified: boolean
  createdAt: string
}

/** A directory that keeps everything in memory, takes what verifies, and can be made to lie. */
export class MemoryDirectory implements PlcDirectory {
  readonly logs = new Map<string, AuditEntry[]>()
  /** What it does to a log before it shows it. */
  lie: (entries: AuditEntry[]) => unknown = (entries) => entries
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async document(did: string): Promise<unknown> {
    const state = stateOf(this.#entries(did).findLast(({ nullified }) => !nullified)!.operation)
    if (state === undefined) throw identityErrors.ATPROTO_DID_TOMBSTONED({ did })
    const { alsoKnownAs, verificationMethods, services } = state
    return {
      id: did,
      alsoKnownAs,
      verificationMethod: Object.entries(verificationMethods).map(([name, key]) => ({
        id: `${did}#${name}`,
        type: 'Multikey',
        publicKeyMultibase: key.slice(8),
      })),
      service: Object.entries(services).map(([name, { type, endpoint }]) => ({
        id: `#${name}`,
        type,
        serviceEndpoint: endpoint,
      })),
    }
  }

  async auditLog(did: string): Promise<unknown> {
    return this.lie(structuredClone(this.#entries(did)))
  }

  async submit(did: string, operation: PlcOperation): Promise<void> {
    const known = this.logs.get(did) ?? []
    const cid = String(operationCid(operation))
    const position = known.findIndex((entry) => entry.cid === operation.prev)
    const entry = { did, operation, cid, nullified: false, createdAt: new Date(this.#clock.now()).toISOString() }
    const marked = known.map((each, index) => (index > position && position >= 0 ? { ...each, nullified: true } : each))
    const log = [...marked, entry]
    try {
      verifyPlcLog(did, log, { clock: this.#clock })
    } catch (cause) {
      throw identityErrors.ATPROTO_PLC_REJECTED({ did, reason: (cause as Error).message }, { cause })
    }
    this.logs.set(did, log)
  }

  #entries(did: string): AuditEntry[] {
    const entries = this.logs.get(did)
    if (entries === undefined) throw identityErrors.ATPROTO_DID_NOT_FOUND({ did })
    return entries
  }
}
