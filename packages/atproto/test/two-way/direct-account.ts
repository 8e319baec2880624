import { fromDataJson, toDataJson, type DataObject } from '@exprsn/atproto/codec'
import type { PublishAccount, XrpcAnswer, XrpcRequest } from '@exprsn/atproto/publish'
import type { FakeHost } from '@exprsn/atproto/testing'
import { XrpcError } from '../../src/testing/xrpc-error.ts'
import type { XrpcCall, XrpcMethod } from '../../src/testing/xrpc-method.ts'
import { readMethods } from '../../src/testing/xrpc-read.ts'
import { sessionMethods } from '../../src/testing/xrpc-session.ts'
import { syncMethods } from '../../src/testing/xrpc-sync.ts'
import { writeMethods } from '../../src/testing/xrpc-write.ts'

const methods: Readonly<Record<string, XrpcMethod>> = {
  ...readMethods,
  ...sessionMethods,
  ...writeMethods,
  ...syncMethods,
}

/** An account of the fake without the network before it. */
export function directAccount(host: FakeHost, did: string): PublishAccount {
  return { did, call: async (method, request) => directAnswer(host, did, method, request) }
}

/** What the fake answers to one call. */
export function directAnswer(
  host: FakeHost,
  did: string,
  name: string,
  { params = {}, input = {} }: XrpcRequest,
): XrpcAnswer {
  const account = host.accounts.get(did)!
  const call: XrpcCall = {
    host,
    sessions: undefined as never,
    params: new URLSearchParams(params),
    // As it comes out of JSON: what is undefined is not there.
    input: fromDataJson(JSON.parse(JSON.stringify(toDataJson(input)))) as DataObject,
    bytes: new Uint8Array(),
    contentType: 'application/json',
    token: undefined,
    account,
  }
  try {
    const method = methods[name]!
    method.check?.(call)
    if (method.session === true && account.status !== 'active')
      throw new XrpcError(401, 'AccountDeactivated', 'Account is deactivated')
    const body = method.run(call) as DataObject
    return {
      status: 200,
      body: fromDataJson(JSON.parse(JSON.stringify(toDataJson(body)))) as DataObject,
      headers: new Headers(),
    }
  } catch (error) {
    if (!(error instanceof XrpcError)) throw error
    return { status: error.status, body: { error: error.error, message: error.message }, headers: new Headers() }
  }
}
