import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StepResult } from '../run-step.ts'
import { serveStatusPage, type StatusPage } from './status-page.ts'

const results: StepResult[] = [
  {
    step: { name: 'files', title: 'Files & <folders>', run: async () => ({ facts: [] }) },
    seconds: 1.5,
    outcome: { facts: [{ label: 'rows', value: '<b>7</b>' }], picture: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    failure: undefined,
  },
]

let page: StatusPage
beforeEach(async () => {
  page = await serveStatusPage({ port: 0, results: () => results })
})
afterEach(() => page.close())

describe('status page', () => {
  it('shows steps and facts as text, under a policy without scripts', async () => {
    const response = await fetch(page.url)
    const html = await response.text()
    expect(html).toContain('Files &amp; &lt;folders&gt;')
    expect(html).toContain('&lt;b&gt;7&lt;/b&gt;')
    expect(html).not.toContain('<script')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('gives the same as JSON, and the picture', async () => {
    const status: unknown = await (await fetch(`${page.url}status.json`)).json()
    expect(status).toMatchObject({ passed: 1, failed: 0, steps: [{ name: 'files', facts: { rows: '<b>7</b>' } }] })
    const picture = await fetch(`${page.url}pictures/files.svg`)
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
  })

  it('answers 404 for what it does not have and 405 for what it does not do', async () => {
    expect((await fetch(`${page.url}pictures/none.svg`)).status).toBe(404)
    expect((await fetch(page.url, { method: 'POST' })).status).toBe(405)
  })

  it('refuses another host name, as a rebinding attack would send', async () => {
    const { port } = new URL(page.url)
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(421)
  })

  it('says which port is taken', async () => {
    const port = Number(new URL(page.url).port)
    await expect(serveStatusPage({ port, results: () => [] })).rejects.toThrow(`Port ${port} is taken. Choose another`)
  })
})
