import type { Authenticator } from '@exprsn/core/http'
import { createRouter } from '@exprsn/core/http'
import { memoryStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { createArchiveHandler } from '../archive/index.ts'
import type { BackupStatus } from '../engine/index.ts'
import { describeOpenApi } from './describe-openapi.ts'
import { backupStatusRouter } from './status-router.ts'

const well: BackupStatus = {
  ok: true,
  repository: 'abc',
  sources: [
    {
      ...{ name: 'db', snapshots: 2, running: false, lastFailure: undefined },
      lastSnapshot: { id: 'f00', time: new Date(1_000) },
      nextRun: new Date(5_000),
    },
    {
      ...{ name: 'uploads', snapshots: 0, running: true, lastFailure: 'the disk is on fire' },
      ...{ lastSnapshot: undefined, nextRun: undefined },
    },
  ],
  replicas: [
    { name: 'far', missing: 1, age: 3_000, failure: undefined },
    { name: 'farther', missing: 0, age: 0, failure: 'no network' },
  ],
  lastCheck: { time: new Date(2_000), ok: true, problems: 0 },
  alerts: [],
}
const ill: BackupStatus = {
  ...well,
  ok: false,
  lastCheck: undefined,
  alerts: [{ key: 'missed:db', kind: 'missed', text: 'db was not backed up.' }],
}
const backupWith = (status: BackupStatus) => ({ status: async () => status })

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
}

/** Names that a value has and its schema does not, and names that are required and missing, at any depth. */
function differences(schema: Schema, value: unknown, place: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => differences(schema.items!, item, `${place}[]`))
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return []
  return [
    ...Object.keys(value).filter((key) => !Object.hasOwn(schema.properties!, key)),
    ...schema.required!.filter((key) => !Object.hasOwn(value, key)),
    ...Object.entries(value).flatMap(([key, item]) =>
      differences(schema.properties![key] ?? {}, item, `${place}.${key}`),
    ),
  ]
}

describe('the status of backups over HTTP', () => {
  it('is 200 when all is well and 503 when somebody has to look, kept by no cache', async () => {
    for (const [status, code] of [
      [well, 200],
      [ill, 503],
    ] as const) {
      const response = await backupStatusRouter({ backup: backupWith(status) }).fetch(
        new Request('http://localhost/status'),
      )
      expect([response.status, response.headers.get('cache-control')]).toEqual([code, 'no-store'])
      expect(await response.json()).toEqual(JSON.parse(JSON.stringify(status)))
    }
  })

  it('is read only, below any prefix, and for those alone who may see it', async () => {
    const operator = { subject: 'operator', kind: 'api-key', via: 'header', roles: [], scopes: [], claims: {} } as const
    const auth: Authenticator = {
      name: 'token',
      scheme: { type: 'http', scheme: 'bearer' },
      authenticate: ({ headers }) => (headers.get('authorization') === 'Bearer x' ? operator : undefined),
    }
    const router = createRouter().mount('/backups', backupStatusRouter({ backup: backupWith(well), auth }))
    const ask = async (init: RequestInit) =>
      (await router.fetch(new Request('http://localhost/backups/status', init))).status
    const headers = { authorization: 'Bearer x' }
    expect(await ask({ headers })).toBe(200)
    expect(await ask({ headers, method: 'HEAD' })).toBe(200)
    expect(await ask({ headers, method: 'DELETE' })).toBe(405)
    expect(await ask({})).toBe(401)
  })

  it('is described as it is', async () => {
    const { paths } = await describeOpenApi()
    const { responses } = paths['/status']!['get'] as unknown as {
      responses: Readonly<Record<string, { content: Readonly<Record<string, { schema: Schema }>> }>>
    }
    for (const [status, code] of [
      [well, '200'],
      [ill, '503'],
    ] as const) {
      const [content] = Object.values(responses[code]!.content)
      expect(differences(content!.schema, JSON.parse(JSON.stringify(status)), 'status')).toEqual([])
    }
  })
})

describe('the archive of a log over HTTP', () => {
  it('is described with its token, and asks for it', async () => {
    const { paths, components } = await describeOpenApi()
    expect(Object.keys(paths['/wal/{name}']!)).toEqual(['get', 'put'])
    expect(components).toMatchObject({ securitySchemes: { token: { type: 'http', scheme: 'bearer' } } })
    const handler = createArchiveHandler({ store: memoryStore(), token: 'a token of some length' })
    const url = 'http://localhost/wal/00000002.history'
    const refused = await handler(new Request(url, { method: 'PUT', body: 'x' }))
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    const headers = { authorization: 'Bearer a token of some length' }
    expect((await handler(new Request(url, { headers }))).status).toBe(404)
  })
})
