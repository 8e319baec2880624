import type { DataObject } from '../codec/index.ts'
import type { FakeAccount } from './fake-account.ts'
import type { FakeHost } from './fake-host.ts'
import type { FakeSessions } from './fake-sessions.ts'
import type { RateCharge } from './rate-limits.ts'
import { invalidRequest } from './xrpc-error.ts'

/** A call of a method, its input read. */
export interface XrpcCall {
  readonly host: FakeHost
  readonly sessions: FakeSessions
  readonly params: URLSearchParams
  /** The JSON body in the data model; empty when there is none. */
  readonly input: DataObject
  /** The body as it came. */
  readonly bytes: Uint8Array
  readonly contentType: string
  /** The bearer token. */
  readonly token: string | undefined
  /** Who calls; only where the method asks for a session. */
  readonly account: FakeAccount
}

/** One method of the interface. */
export interface XrpcMethod {
  /** Whether it needs a session. */
  readonly session?: boolean | undefined
  /** Refuses what is malformed, before anything is charged. */
  readonly check?: ((call: XrpcCall) => void) | undefined
  /** What it costs beyond one request. */
  readonly charges?: ((call: XrpcCall) => readonly RateCharge[]) | undefined
  /** The JSON output, or bytes with their type. */
  readonly run: (call: XrpcCall) => unknown
}

/** An output that is not JSON. */
export class XrpcBytes {
  readonly type: string
  readonly bytes: Uint8Array

  constructor(type: string, bytes: Uint8Array) {
    this.type = type
    this.bytes = bytes
  }
}

/** A parameter that has to be there. */
export function required(params: URLSearchParams, name: string): string {
  const value = params.get(name)
  if (value === null) throw invalidRequest(`Error: Params must have the property "${name}"`)
  return value
}

/** A text field of the input that has to be there. */
export function requiredText(input: DataObject, name: string): string {
  const value = input[name]
  if (typeof value !== 'string') throw invalidRequest(`Input must have the property "${name}"`)
  return value
}

/** A whole number of the parameters within a range. */
export function limitOf(params: URLSearchParams, usual: number, most: number): number {
  const limit = Number(params.get('limit') ?? usual)
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw invalidRequest(`Error: limit can not be greater than ${most}`)
  return limit
}
