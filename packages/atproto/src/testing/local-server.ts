import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a {@link LocalServer} does with what comes. */
export interface LocalServerOptions {
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void
  readonly onUpgrade?: ((request: IncomingMessage, socket: Socket) => void) | undefined
  /** 0 for any; the one that it got is kept when it starts anew. @default 0 */
  readonly port?: number | undefined
}

/** A server on this machine that stops and starts. */
export class LocalServer {
  readonly #options: LocalServerOptions
  #server: Server | undefined
  #port: number

  constructor(options: LocalServerOptions) {
    this.#options = options
    this.#port = options.port ?? 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens. Calling it again does nothing. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return
    const { onRequest, onUpgrade } = this.#options
    const server = createServer(onRequest)
    if (onUpgrade !== undefined) server.on('upgrade', (request, socket) => onUpgrade(request, socket as Socket))
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', () => resolve())
    })
    this.#port = (server.address() as AddressInfo).port
  }

  /** Ends all connections. Calling it again does nothing. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
