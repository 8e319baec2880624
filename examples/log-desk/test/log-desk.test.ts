import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startDesk, type Desk } from '../src/desk.ts'

let folder: string
let desk: Desk | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-log-desk-'))
})
afterEach(async () => {
  await desk?.close()
  desk = undefined
  rmSync(folder, { recursive: true })
})

const authorization = `Basic ${Buffer.from('ops:of-the-demo').toString('base64')}`

async function ask(
  path: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${desk!.url}${path}`, { ...init, headers: { authorization, ...init.headers } })
}

async function found(query: string): Promise<string[]> {
  const response = await ask(`/desk/api/query?order=oldest&q=${encodeURIComponent(query)}`)
  const { lines } = (await response.json()) as { lines: { text: string }[] }
  return lines.map(({ text }) => (JSON.parse(text) as { msg: string }).msg)
}

describe('the desk', () => {
  it('finds what the service logs, counts, follows, saves and exports it', async () => {
    desk = await startDesk({ port: 0, folder, key: 'of-the-demo', keepDays: 30 })
    const leaving = new AbortController()
    const tail = await ask('/desk/api/tail?q=level:warn', { signal: leaving.signal })
    expect(tail.headers.get('content-type')).toBe('text/event-stream')
    const events = tail.body!.getReader()
    expect(Buffer.from((await events.read()).value!).toString()).toContain('event: following')
    const first = events.read()
    await fetch(`${desk.url}/orders/17`)
    expect((await fetch(`${desk.url}/orders/none`)).status).toBe(404)
    expect(Buffer.from((await first).value!).toString()).toContain('order not found')
    leaving.abort()

    await vi.waitFor(
      async () => expect(await found('service:shop')).toEqual(['order shown', 'order not found']),
      120_000,
    )
    const counted = await ask(`/desk/api/query?q=${encodeURIComponent('service:shop | stats count() by level')}`)
    expect(await counted.json()).toMatchObject({
      rows: [
        { level: '30', count: 1 },
        { level: '40', count: 1 },
      ],
    })
    const facets = (await (await ask('/desk/api/facets?q=*&field=service')).json()) as { service: object[] }
    expect(facets.service).toContainEqual({ value: 'shop', count: 2 })
    const body = JSON.stringify({ query: 'level:>=warn' })
    expect((await ask('/desk/api/saved/search/problems', { method: 'PUT', body })).status).toBe(200)
    expect(await (await ask('/desk/api/saved')).json()).toEqual({
      items: [{ kind: 'search', name: 'problems', query: 'level:>=warn' }],
    })
    expect((await (await ask('/desk/api/export?q=service:shop')).text()).split('\n')).toHaveLength(3)
  })

  it('takes lines of other services', async () => {
    desk = await startDesk({ port: 0, folder, keepDays: 30 })
    await ask('/desk/api/lines', { method: 'POST', body: '{"service":"web","msg":"shipped"}\n' })
    const headers = { 'content-type': 'application/json' }
    const push = { streams: [{ stream: { service: 'web' }, values: [['1795000000000000000', 'pushed']] }] }
    await ask('/desk/api/loki/api/v1/push', { method: 'POST', headers, body: JSON.stringify(push) })
    expect((await found('service:web')).sort()).toEqual(['pushed', 'shipped'])
  })

  it('shows its page under a policy of its own, to those who know the key', async () => {
    desk = await startDesk({ port: 0, folder, key: 'of-the-demo', keepDays: 30 })
    for (const path of ['/desk', '/desk/desk.js', '/desk/api/query?q=*', '/desk/api/saved']) {
      const refused = await fetch(`${desk.url}${path}`)
      expect([path, refused.status]).toEqual([path, 401])
      expect(refused.headers.get('www-authenticate')).toContain('Basic')
      const wrong = { authorization: `Basic ${Buffer.from('ops:wrong').toString('base64')}` }
      expect((await fetch(`${desk.url}${path}`, { headers: wrong })).status).toBe(401)
    }
    const page = await ask('/desk')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const html = await page.text()
    const names = [...html.matchAll(/(?:src|href)="(\/desk\/desk\.[a-z]+)"/g)].map(([, name]) => name!)
    expect(names).toHaveLength(2)
    for (const name of names) expect((await ask(name)).status).toBe(200)
    expect(html).not.toMatch(/<script>|style="|onclick/)
  })

  it('takes nothing that another site makes a browser send', async () => {
    desk = await startDesk({ port: 0, folder, key: 'of-the-demo', keepDays: 30 })
    const send = async (headers: Record<string, string>) => {
      const body = '{"service":"web","msg":"sent"}\n'
      return (await ask('/desk/api/lines', { method: 'POST', body, headers })).status
    }
    expect(await send({ origin: 'https://other.example' })).toBe(403)
    expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await send({ 'sec-fetch-site': 'same-origin' })).toBe(403)
    expect(await send({ 'sec-fetch-site': 'same-origin', 'x-exprsn-csrf': '1' })).toBe(200)
    expect(await send({})).toBe(200)
  })
})

it('keeps its lines over a stop', { timeout: 120_000 }, async () => {
  const main = join(import.meta.dirname, '..', 'src', 'main.ts')
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', main], {
    env: { ...process.env, DESK_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    url = line.replace('listening on ', '')
    break
  }
  await fetch(`${url}/orders/1`)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  desk = await startDesk({ port: 0, folder, keepDays: 30 })
  expect(await found('"order shown"')).toEqual(['order shown'])
})
