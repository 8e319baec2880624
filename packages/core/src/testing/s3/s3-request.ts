import type { IncomingMessage } from 'node:http'
import { S3Refusal } from './s3-refusal.ts'

/** A request as it arrived, before its body is decoded. */
export interface S3Request {
  readonly method: string
  /** The path as it was sent, still percent-encoded. */
  readonly rawPath: string
  /** Decoded names and values, in the order they were sent. */
  readonly query: readonly (readonly [string, string])[]
  /** Lower-case names; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly bucket: string | undefined
  readonly key: string | undefined
}

/** What the operations answer. */
export interface S3Response {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  readonly body?: Uint8Array | string | undefined
}

/** Splits a request by path style, or by virtual-host style when the host is `<bucket>.localhost`. */
export function parseRequest(message: IncomingMessage): S3Request {
  const url = message.url ?? '/'
  const mark = url.indexOf('?')
  const rawPath = mark === -1 ? url : url.slice(0, mark)
  const headers = headersOf(message)
  const host = /^(.+)\.localhost(?::\d+)?$/.exec(headers['host'] ?? '')?.[1]
  const path = decode(rawPath.slice(1))
  const slash = path.indexOf('/')
  const pathBucket = slash === -1 ? path : path.slice(0, slash)
  const key = host === undefined ? (slash === -1 ? '' : path.slice(slash + 1)) : path
  return {
    method: message.method ?? 'GET',
    rawPath,
    query: mark === -1 ? [] : parseQuery(url.slice(mark + 1)),
    headers,
    bucket: (host ?? pathBucket) || undefined,
    key: key || undefined,
  }
}

/** The value of a query parameter; '' when it has none, undefined when it is not there. */
export function queryValue(request: S3Request, name: string): string | undefined {
  return request.query.find(([known]) => known === name)?.[1]
}

function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index]!.toLowerCase()
    const value = message.rawHeaders[index + 1]!.trim().replace(/ +/g, ' ')
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}

function parseQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      return equals === -1 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new S3Refusal('InvalidArgument', 'The address is not percent-encoded UTF-8.')
  }
}
