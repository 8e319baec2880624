import { ExprsnError } from '@exprsn/core'
import type { Client } from '@exprsn/core/client'
import { identityErrors } from '../errors.ts'
import type { PlcOperation } from './plc-operation.ts'

/** A directory of did:plc identities. What it says is verified by those who ask. */
export interface PlcDirectory {
  /**
   * The identity document as the directory sees it.
   *
   * @throws `ATPROTO_DID_NOT_FOUND`, `ATPROTO_DID_TOMBSTONED`, `ATPROTO_DID_UNRESOLVED`
   */
  document(did: string, options?: PlcCallOptions): Promise<unknown>
  /** All operations with their marks. @throws `ATPROTO_DID_NOT_FOUND`, `ATPROTO_DID_UNRESOLVED` */
  auditLog(did: string, options?: PlcCallOptions): Promise<unknown>
  /** Hands in a signed operation. @throws `ATPROTO_PLC_REJECTED` */
  submit(did: string, operation: PlcOperation, options?: PlcCallOptions): Promise<void>
}

/** Every call can be given up. */
export interface PlcCallOptions {
  /** Gives up the request. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link httpPlcDirectory}. */
export interface HttpPlcDirectoryOptions {
  /** Never closed here. */
  readonly client: Pick<Client, 'request'>
  /** @default 'https://plc.directory' */
  readonly url?: string | undefined
}

/** A log of 10,000 operations, which no identity has, would be about this large. */
const largestLog = 16 * 2 ** 20

/**
 * The directory at `https://plc.directory`, or another that speaks the same.
 *
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { httpPlcDirectory } from '@exprsn/atproto/identity'
 *
 * await using client = createClient()
 * console.log(await httpPlcDirectory({ client }).document('did:plc:ewvi7nxzyoun6zhxrhs64oiz'))
 * ```
 */
export function httpPlcDirectory({ client, url = 'https://plc.directory' }: HttpPlcDirectoryOptions): PlcDirectory {
  const base = url.replace(/\/+$/, '')
  const get = async (did: string, path: string, maxResponseBytes: number, { signal }: PlcCallOptions) => {
    try {
      const response = await client.request(`${base}/${did}${path}`, { signal, maxResponseBytes })
      return response.json()
    } catch (cause) {
      signal?.throwIfAborted()
      throw fetchProblem(did, cause)
    }
  }
  return {
    document: (did, options = {}) => get(did, '', 64 * 1024, options),
    auditLog: (did, options = {}) => get(did, '/log/audit', largestLog, options),
    async submit(did, operation, { signal } = {}) {
      try {
        // Handing in the same operation twice does no harm: the second one does not fit behind itself.
        await client.request(`${base}/${did}`, { method: 'POST', json: operation, signal })
      } catch (cause) {
        signal?.throwIfAborted()
        const { excerpt, status } = ExprsnError.is(cause) ? cause.details : {}
        const reason = typeof excerpt === 'string' && excerpt !== '' ? excerpt : (cause as Error).message
        throw identityErrors.ATPROTO_PLC_REJECTED({ did, reason, status }, { cause })
      }
    },
  }
}

/** The error of a document or log that was not to be had. */
export function fetchProblem(did: string, cause: unknown): ExprsnError {
  const { status, excerpt } = ExprsnError.is(cause) && cause.code === 'CORE_CLIENT_STATUS' ? cause.details : {}
  // Directories answer a tombstone with 410, or with 404 and these words; a DID that never was is "not registered".
  const isGone = status === 410 || (status === 404 && String(excerpt).includes('DID not available'))
  if (isGone) return identityErrors.ATPROTO_DID_TOMBSTONED({ did }, { cause })
  if (status === 404) return identityErrors.ATPROTO_DID_NOT_FOUND({ did }, { cause })
  return identityErrors.ATPROTO_DID_UNRESOLVED({ did, reason: (cause as Error).message }, { cause })
}
