import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { systemClock } from '@exprsn/core'

/** How a service misbehaves. */
export type SinkFault =
  | 'outage'
  | 'busy'
  | 'partial'
  | 'reset'
  | 'answer-lost'
  | 'poison'
  | 'slow'
  | 'unauthorized'
  | 'too-large'

/** A line as a service keeps it. */
export interface ServiceLine {
  /** Undefined where the protocol has none. */
  readonly id: string | undefined
  /** The line's `msg`. */
  readonly message: string
}

/** One request, unpacked. */
export interface ServiceRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** An answer. */
export interface ServiceAnswer {
  readonly status: number
  readonly body?: string | Uint8Array | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What a simulated service speaks. */
export interface ServiceProtocol {
  /**
   * Answers a request in good health; `keep` stores a line. With `partial` every second new line is put off, with `poison`
   * lines whose message contains "poison" are refused: singly where the protocol can, else the whole request.
   */
  answer(
    request: ServiceRequest,
    context: { readonly keep: (line: ServiceLine) => boolean; readonly fault: SinkFault | undefined },
  ): ServiceAnswer
}

/** A service over HTTP that fails on demand. */
export interface LogService {
  readonly url: string
  /** Every line that was kept, repetitions of an id once. */
  readonly lines: readonly ServiceLine[]
  /** Requests so far. */
  readonly requests: readonly ServiceRequest[]
  /** Lets the next `times` requests fail. */
  fail(fault: SinkFault, times: number): void
  close(): Promise<void>
}

/** Faults that are the server's and the network's, whatever is spoken. */
const refusals: Partial<Record<SinkFault, ServiceAnswer>> = {
  outage: { status: 503, body: 'down for maintenance' },
  busy: { status: 429, headers: { 'retry-after': '0' }, body: 'slow down' },
  unauthorized: { status: 401, body: 'who are you?' },
}

/**
 * Starts a simulated service. Requests larger than 4 KiB are too large while that fault lasts.
 *
 * @example
 * ```ts
 * import { simulateLogService } from '@exprsn/logs/testing'
 *
 * const service = await simulateLogService({ answer: () => ({ status: 204 }) })
 * console.log((await fetch(service.url, { method: 'POST', body: 'x' })).status) // 204
 * await service.close()
 * ```
 */
export async function simulateLogService(protocol: ServiceProtocol): Promise<LogService> {
  const lines: ServiceLine[] = []
  const ids = new Set<string>()
  const requests: ServiceRequest[] = []
  let fault: SinkFault | undefined
  let times = 0

  const keep = (line: ServiceLine): boolean => {
    if (line.id !== undefined && ids.has(line.id)) return false
    if (line.id !== undefined) ids.add(line.id)
    lines.push(line)
    return true
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const current = times-- > 0 ? fault : undefined
      const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      requests.push(asked)
      respond(asked, current, request, response)
    })
  })

  function respond(
    asked: ServiceRequest,
    current: SinkFault | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const refusal = current === undefined ? undefined : refusals[current]
    if (current === 'reset') return void request.socket.destroy()
    if (refusal !== undefined) return send(response, refusal)
    if (current === 'too-large' && asked.body.length > 4_096) return send(response, { status: 413 })
    const answer = protocol.answer(asked, { keep, fault: current })
    if (current === 'answer-lost') request.socket.destroy()
    else if (current === 'slow') systemClock.setTimer(() => send(response, answer), 50)
    else send(response, answer)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    requests,
    fail(next, count) {
      fault = next
      times = count
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = Buffer.concat(parts)
  const encoding = request.headers['content-encoding']
  return encoding === 'gzip' ? gunzipSync(body) : encoding === 'zstd' ? zstdDecompressSync(body) : body
}

function send(response: ServerResponse, { status, body, headers = {} }: ServiceAnswer): void {
  response.writeHead(status, headers).end(body)
}
