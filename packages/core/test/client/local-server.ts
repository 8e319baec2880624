import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createClient, type Client, type ClientOptions } from '@exprsn/core/client'

/** A server of this process, and the sockets that it holds. */
export interface LocalServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Sockets that are open now. */
  readonly open: ReadonlySet<Socket>
  /** Connections that were ever accepted. */
  readonly accepted: () => number
}

export function httpServer(handler: RequestListener, options = {}): Promise<LocalServer> {
  return listening(createServer(options, handler))
}

/** The same for handlers that wait for something. */
export function asyncServer(handler: (...args: Parameters<RequestListener>) => Promise<void>): Promise<LocalServer> {
  return httpServer((request, response) => void handler(request, response).catch((error) => response.destroy(error)))
}

/** A server below HTTP, for answers that no HTTP server gives. Told of each connection once its request's header came. */
export function tcpServer(onRequest: (socket: Socket, head: string) => void): Promise<LocalServer> {
  return listening(
    createTcpServer((socket) => {
      socket.on('error', () => {})
      let received = ''
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
        if (!received.includes('\r\n\r\n')) return
        onRequest(socket, received)
        received = ''
      })
    }),
  )
}

export async function listening(server: Server): Promise<LocalServer> {
  const open = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket) => {
    accepted++
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    open,
    accepted: () => accepted,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A client for servers of this machine that does not wait long between attempts. */
export function localClient(server: { readonly url: string }, options: ClientOptions = {}): Client {
  return createClient({
    baseUrl: server.url,
    allow: { loopbackAddresses: true },
    retry: { initial: '1ms', maximum: '2ms' },
    ...options,
  })
}

/** Waits until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  const start = performance.now()
  while (!holds()) {
    if (performance.now() - start > 5_000) throw new Error('it never came to hold')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What a promise was rejected with. */
export function rejection(
  promise: Promise<unknown>,
): Promise<{ code?: string; details: Record<string, unknown> } & Error> {
  return promise.then(
    () => {
      throw new Error('it was not rejected')
    },
    (error) => error,
  )
}

export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts = []
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts)
}
