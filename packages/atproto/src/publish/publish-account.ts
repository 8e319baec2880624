import type { DataObject } from '../codec/index.ts'

/** What a method of the host answered. */
export interface XrpcAnswer {
  readonly status: number
  /** The JSON body in the data model; empty when there is none. */
  readonly body: DataObject
  readonly headers: Headers
}

/** A call of a method. */
export interface XrpcRequest {
  /** Sent by GET. @default none */
  readonly params?: Readonly<Record<string, string>> | undefined
  /** Sent by POST, as JSON. @default none */
  readonly input?: DataObject | undefined
  /** Sent by POST as it is, with its type: a file. @default none */
  readonly blob?: { readonly bytes: Uint8Array; readonly type: string } | undefined
  /** The item that is published by it, and the version of it that is sent; not for requests of other kinds. */
  readonly item?: { readonly mapping: string; readonly id: string; readonly version: string | undefined } | undefined
  readonly signal?: AbortSignal | undefined
}

/** An account to publish with: `passwordAccount`, `fetchAccount`, or one of your own. */
export interface PublishAccount {
  readonly did: string
  /**
   * Calls a method of the account's host. Every status is an answer; it throws when there was none, and then nothing is known.
   * What it throws with status 401, as `ATPROTO_PUBLISH_LOGIN_FAILED`, says that somebody has to log in: items wait until then.
   */
  call(method: string, request: XrpcRequest): Promise<XrpcAnswer>
}
