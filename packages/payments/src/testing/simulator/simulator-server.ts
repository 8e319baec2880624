import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GatewayFaultKind, GatewayFaults } from './gateway-faults.ts'
import type { SimulatedRequest, SimulatedResponse } from './simulated-message.ts'

/** One request that a simulator saw; status 0 means that no answer left. */
export interface LoggedRequest {
  /** Method and path. */
  readonly request: string
  readonly status: number
  readonly fault?: GatewayFaultKind | undefined
}

/** A simulator's server. */
export interface SimulatorServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly requests: readonly LoggedRequest[]
  close(): Promise<void>
}

interface ServerOptions {
  readonly faults: GatewayFaults
  readonly handle: (request: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>
  /** The body of an answer that the faults make up. */
  readonly failure: (status: number) => SimulatedResponse
  /** What the request is to faults and log. @default method and path */
  readonly describe?: ((request: SimulatedRequest) => string) | undefined
}

/** Serves a simulated gateway on a free port of 127.0.0.1, over real HTTP. */
export async function startSimulatorServer(options: ServerOptions): Promise<SimulatorServer> {
  const requests: LoggedRequest[] = []
  const server = createServer((message, response) => {
    answer(message, response, options, requests).catch(() => message.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, host: '127.0.0.1', port, requests, close: () => closeServer(server) }
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  { faults, handle, failure, describe }: ServerOptions,
  log: LoggedRequest[],
): Promise<void> {
  const request = await readRequest(message)
  const name = describe?.(request) ?? `${request.method} ${request.path}`
  const fault = faults.next(name)
  const record = (status: number): void => void log.push({ request: name, status, fault })

  if (fault === 'lost_request') return cut(message, record)
  if (fault === 'error_before') return send(response, failure(500), record)
  if (fault === 'rate_limited') return send(response, failure(429), record)

  const result = await handle(request)
  if (fault === 'lost_response') return cut(message, record)
  if (fault === 'no_answer') return record(0)
  if (fault === 'error_after') return send(response, failure(502), record)
  if (fault === 'truncated_response') return sendHalf(response, result, record)
  send(response, result, record)
}

async function readRequest(message: IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Uint8Array[] = []
  for await (const chunk of message) chunks.push(chunk as Uint8Array)
  const url = new URL(message.url ?? '/', 'http://127.0.0.1')
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) headers.set(name, String(value))
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
  }
}

function cut(message: IncomingMessage, record: (status: number) => void): void {
  record(0)
  message.socket.destroy()
}

function send(response: ServerResponse, result: SimulatedResponse, record: (status: number) => void): void {
  record(result.status)
  response.writeHead(result.status, { 'content-type': 'application/json', ...result.headers })
  response.end(result.body)
}

function sendHalf(response: ServerResponse, result: SimulatedResponse, record: (status: number) => void): void {
  record(result.status)
  const body = Buffer.from(result.body)
  const headers = { 'content-type': 'application/json', ...result.headers, 'content-length': String(body.length) }
  response.writeHead(result.status, headers)
  response.write(body.subarray(0, body.length >> 1), () => response.destroy())
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
