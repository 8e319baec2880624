import { randomBelow, sleep } from '@exprsn/core'
import { fromDataJson, toDataJson, type DataObject } from '@exprsn/atproto/codec'
import type { PublishAccount, XrpcAnswer, XrpcRequest } from '@exprsn/atproto/publish'
import { RateLimited } from '../../../src/testing/rate-limits.ts'
import { XrpcError } from '../../../src/testing/xrpc-error.ts'
import type { XrpcCall, XrpcMethod } from '../../../src/testing/xrpc-method.ts'
import { readMethods } from '../../../src/testing/xrpc-read.ts'
import { sessionMethods } from '../../../src/testing/xrpc-session.ts'
import { writeMethods } from '../../../src/testing/xrpc-write.ts'
import { watchWrite } from './watch-writes.ts'
import type { World } from './world.ts'

const methods: Readonly<Record<string, XrpcMethod>> = { ...readMethods, ...sessionMethods, ...writeMethods }

/** The account as a process sees it: the methods of the fake, behind a network that fails. */
export function hostAccount(world: World, step: (phase: string) => void): PublishAccount {
  const { clock, random, did, hit } = world
  return {
    did,
    async call(original, sent) {
      step('before-call')
      const [method, request] = world.bug.call?.(original, sent) ?? [original, sent]
      await sleep(10 + randomBelow(random, 200), { clock })
      const chance = world.stormy ? randomBelow(random, 100) : 89
      if (chance < 4) {
        hit('error')
        return { status: 502, body: {}, headers: new Headers() }
      }
      if (chance < 8) {
        hit('drop')
        throw new Error('the connection was reset')
      }
      if (chance < 8 + world.lateOdds && (request.input ?? request.blob) !== undefined) {
        hit('late')
        clock.setTimer(() => void answer(world, method, request), 1_000 + randomBelow(random, 20_000))
        throw new Error('the answer took too long')
      }
      const given = answer(world, method, request)
      if (chance >= 90) {
        hit('lost-response')
        throw new Error('the answer got lost')
      }
      step('after-call')
      if (chance >= 84 && chance < 88 && given.status === 200 && request.input !== undefined) {
        hit('written-and-500')
        return { status: 500, body: { error: 'InternalServerError' }, headers: new Headers() }
      }
      return given
    },
  }
}

function answer(world: World, name: string, { params = {}, input = {}, blob }: XrpcRequest): XrpcAnswer {
  const { host, did } = world
  const account = host.accounts.get(did)!
  const call: XrpcCall = {
    host,
    sessions: undefined as never,
    params: new URLSearchParams(params),
    input,
    bytes: blob?.bytes ?? new Uint8Array(),
    contentType: blob?.type ?? 'application/json',
    token: undefined,
    account,
  }
  let headers = new Headers()
  try {
    const method = methods[name]!
    method.check?.(call)
    const charges = method.charges?.(call) ?? []
    headers = new Headers(charges.length === 0 ? {} : world.limits.charge(charges))
    if (method.session === true && account.status !== 'active')
      throw new XrpcError(401, 'AccountDeactivated', 'Account is deactivated')
    const before = new Map(account.repo.records)
    const body = method.run(call) as DataObject
    watchWrite(world, before)
    return { status: 200, body: fromDataJson(toDataJson(body)) as DataObject, headers }
  } catch (error) {
    if (!(error instanceof XrpcError)) throw error
    if (error instanceof RateLimited) {
      world.violations.push('A write was refused for its points.')
      headers = new Headers(error.headers)
    }
    if (error.error === 'BlobNotFound') world.hit('lost-file')
    if (error.status === 500) world.hit('key-taken')
    return { status: error.status, body: { error: error.error, message: error.message }, headers }
  }
}
