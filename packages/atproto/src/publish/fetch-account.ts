import { fromDataJson, toDataJson, type DataObject } from '../codec/index.ts'
import type { PublishAccount, XrpcAnswer, XrpcRequest } from './publish-account.ts'

/** Options of {@link fetchAccount}. */
export interface FetchAccountOptions {
  /** The account that is written to. */
  readonly did: string
  /**
   * Sends a request to the account's host, with its credentials: `session.fetchHandler` of `@atproto/oauth-client-node`.
   * It is given a path, `/xrpc/…`.
   */
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>
}

/**
 * An account whose requests the host signs: that of an OAuth session.
 *
 * @example
 * ```ts
 * import { fetchAccount } from '@exprsn/atproto/publish'
 *
 * const session = { did: 'did:plc:example', fetchHandler: async () => Response.json({ ok: true }) }
 * const account = fetchAccount({ did: session.did, fetch: session.fetchHandler })
 * const { status } = await account.call('com.atproto.server.getSession', {})
 * console.log(status) // 200
 * ```
 */
export function fetchAccount({ did, fetch }: FetchAccountOptions): PublishAccount {
  return {
    did,
    async call(method, request) {
      const { path, init } = httpRequest(method, request)
      return answerOf(await fetch(path, init))
    },
  }
}

/** The request of a method as HTTP has it. */
export function httpRequest(
  method: string,
  { params, input, blob, signal }: XrpcRequest,
): { readonly path: string; readonly init: RequestInit } {
  const query = params === undefined ? '' : `?${new URLSearchParams(params).toString()}`
  const path = `/xrpc/${method}${query}`
  const shared = signal === undefined ? {} : { signal }
  if (blob !== undefined)
    return {
      path,
      init: {
        method: 'POST',
        headers: { 'content-type': blob.type },
        body: blob.bytes as Uint8Array<ArrayBuffer>,
        ...shared,
      },
    }
  if (input === undefined) return { path, init: { method: 'GET', ...shared } }
  const headers = { 'content-type': 'application/json' }
  return { path, init: { method: 'POST', headers, body: JSON.stringify(toDataJson(input)), ...shared } }
}

/** The answer of a method; a page of a proxy has an empty body. */
export async function answerOf(response: Response): Promise<XrpcAnswer> {
  const text = await response.text()
  return { status: response.status, body: bodyOf(text), headers: response.headers }
}

function bodyOf(text: string): DataObject {
  try {
    const body = fromDataJson(JSON.parse(text))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as DataObject) : {}
  } catch {
    return {}
  }
}
