import { createServer, type Server, type ServerResponse } from 'node:http'
import type { StepResult } from '../run-step.ts'
import { renderPage, style } from './render-page.ts'

/** A page that is being served. */
export interface StatusPage {
  readonly url: string
  close(): Promise<void>
}

/** Where the page listens and what it shows. */
export interface StatusPageOptions {
  /** 0 takes a free port. */
  readonly port: number
  /** Asked anew for each request, so that the page follows the tour. */
  results(): readonly StepResult[]
}

interface Reply {
  readonly type: string
  readonly body: string
}

/** Serves what the tour did on 127.0.0.1: `/`, `/status.json`, and a picture per step. */
export async function serveStatusPage({ port, results }: StatusPageOptions): Promise<StatusPage> {
  const server = createServer((request, response) => {
    // A page of another origin that resolves its own name to 127.0.0.1 does not get to read this one.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return send(response, 421, undefined)
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, undefined)
    const reply = replyTo(new URL(request.url ?? '/', 'http://localhost').pathname, results())
    send(response, reply ? 200 : 404, reply)
  })
  const url = `http://127.0.0.1:${await listen(server, port)}/`
  return { url, close: () => closeServer(server) }
}

function replyTo(path: string, results: readonly StepResult[]): Reply | undefined {
  if (path === '/') return { type: 'text/html; charset=utf-8', body: renderPage(results) }
  if (path === '/style.css') return { type: 'text/css; charset=utf-8', body: style }
  if (path === '/status.json')
    return { type: 'application/json', body: JSON.stringify(describe(results), undefined, 2) }
  const picture = results.find(({ step }) => path === `/pictures/${step.name}.svg`)?.outcome?.picture
  return picture === undefined ? undefined : { type: 'image/svg+xml', body: picture }
}

function describe(results: readonly StepResult[]): object {
  const steps = results.map(({ step, seconds, failure, outcome }) => ({
    name: step.name,
    passed: failure === undefined,
    failure,
    seconds: Number(seconds.toFixed(3)),
    facts: Object.fromEntries((outcome?.facts ?? []).map(({ label, value }) => [label, value])),
  }))
  return {
    passed: steps.filter(({ passed }) => passed).length,
    failed: steps.filter(({ passed }) => !passed).length,
    steps,
  }
}

function send(response: ServerResponse, status: number, reply: Reply | undefined): void {
  response.writeHead(status, {
    'content-type': reply?.type ?? 'text/plain; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  response.end(reply?.body ?? '')
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        taken ? new Error(`Port ${port} is taken. Choose another with --port, or leave it out for a free one.`) : error,
      )
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
