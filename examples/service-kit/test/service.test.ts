import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { describe, expect, it } from 'vitest'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

interface Running {
  readonly child: ChildProcess
  readonly url: string
}

async function start(folder: string, settings: Record<string, string> = {}): Promise<Running> {
  const env = { ...process.env, APP_FOLDER: folder, APP_DRAIN_DELAY: '300ms', ...settings }
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', main], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, msg } = JSON.parse(line) as { url?: string; msg: string }
    if (url !== undefined) return { child, url }
    if (msg.includes('APP_')) return { child, url: msg }
  }
  throw new Error('The service ended before it listened.')
}

async function order(url: string): Promise<string> {
  const body = JSON.stringify({ item: 'tea', cents: 490 })
  const response = await fetch(`${url}/orders`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: string }).id
}

describe('the service', () => {
  it('takes an order, sends its invoice, shows metrics, and stops in order on SIGTERM', async () => {
    await using folder = await temporaryFolder()
    const { child, url } = await start(folder.path)
    const ended = once(child, 'exit')
    const id = await order(url)
    await expect
      .poll(async () => (await fetch(`${url}/orders/${id}`)).json(), { timeout: 10_000 })
      .toEqual({ id, item: 'tea', cents: 490, invoice: 1 })
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('shop_http_request_duration_seconds_count')

    child.kill('SIGTERM')
    // Readiness turns while requests are still served.
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 5_000 }).toBe(503)
    expect((await fetch(`${url}/orders/${id}`)).status).toBe(200)
    expect((await ended)[0]).toBe(0)
  })

  it('keeps orders and unsent invoices through a kill', async () => {
    await using folder = await temporaryFolder()
    const first = await start(folder.path)
    const id = await order(first.url)
    const killed = once(first.child, 'exit')
    first.child.kill('SIGKILL')
    await killed
    const second = await start(folder.path)
    await expect
      .poll(async () => (await fetch(`${second.url}/orders/${id}`)).json(), { timeout: 60_000 })
      .toMatchObject({ id, invoice: 1 })
    const ended = once(second.child, 'exit')
    second.child.kill('SIGTERM')
    await ended
  }, 90_000)

  it('refuses bad input with 400, and unknown orders with 404', async () => {
    await using folder = await temporaryFolder()
    const { child, url } = await start(folder.path)
    const bad = await fetch(`${url}/orders`, { method: 'POST', body: '{"item":"","cents":-1}' })
    expect(bad.status).toBe(400)
    expect((await fetch(`${url}/orders/none`)).status).toBe(404)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  })

  it('does not start with a wrong setting, and names it', async () => {
    await using folder = await temporaryFolder()
    const { child, url: message } = await start(folder.path, { APP_PORT: 'many' })
    expect(message).toContain('APP_PORT')
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1)
  })
})
