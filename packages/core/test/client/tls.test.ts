import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Resolve } from '@exprsn/core/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listening, localClient, rejection, until, type LocalServer } from './local-server.ts'

const opensslIsThere = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

// Node can read certificates but not make them: without the openssl program there is none to test with.
describe.skipIf(!opensslIsThere)('TLS', () => {
  let server: LocalServer
  let ca: string
  const loopback: Resolve = async () => ['127.0.0.1']

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-tls-'))
    const at = (name: string): string => join(folder, name)
    const subject = ['-subj', '/CN=service.test', '-addext', 'subjectAltName=DNS:service.test']
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key.pem')]
    execFileSync('openssl', ['req', '-x509', ...key, '-out', at('cert.pem'), '-days', '2', ...subject], {
      stdio: 'ignore',
    })
    ca = readFileSync(at('cert.pem'), 'utf8')
    const options = { cert: ca, key: readFileSync(at('key.pem'), 'utf8') }
    server = await listening(createServer(options, (_request, response) => response.end('secure')))
    rmSync(folder, { recursive: true })
  })

  afterAll(() => server[Symbol.asyncDispose]())

  const client = (name: string, options: object = {}) =>
    localClient({ url: `https://${name}:${server.port}` }, { resolve: loopback, retry: false, ...options })

  it('trusts the authority that it is given, for the name in the URL', async () => {
    await using trusting = client('service.test', { tls: { ca } })
    expect((await trusting.request('x')).text()).toBe('secure')
    await using misled = client('other.test', { tls: { ca } })
    expect(await rejection(misled.request('x'))).toMatchObject({
      code: 'CORE_CLIENT_TLS_FAILED',
      retryable: false,
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') as string,
    })
  })

  it('trusts nobody else', async () => {
    await using careful = client('service.test')
    expect(await rejection(careful.request('x'))).toMatchObject({
      code: 'CORE_CLIENT_TLS_FAILED',
      message: expect.stringContaining('SELF_SIGNED') as string,
    })
    await until(() => server.open.size === 0)
  })

  it('is guarded like the rest', async () => {
    const before = server.accepted()
    await using guarded = client('service.test', { tls: { ca }, allow: {} })
    expect(await rejection(guarded.request('x'))).toMatchObject({ code: 'CORE_CLIENT_ADDRESS_REFUSED' })
    expect(server.accepted()).toBe(before)
  })
})
