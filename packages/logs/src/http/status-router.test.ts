import { createRouter, type Authenticator } from '@exprsn/core/http'
import { createSimulatedDisk } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { memorySink } from '../drivers/memory.ts'
import { createShipper } from '../shipper/create-shipper.ts'
import { createStatusHandler } from './create-status-handler.ts'
import { describeOpenApi } from './describe-openapi.ts'
import { statusRouter } from './status-router.ts'

const shipperWith = (...names: readonly string[]) =>
  createShipper({
    sinks: names.map((name) => memorySink({ name })),
    spool: '/spool',
    disk: createSimulatedDisk(),
  })

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
}

/** Names that a value has and its schema does not, and names that are required and missing, at any depth. */
function differences(schema: Schema, value: unknown, place: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => differences(schema.items!, item, `${place}[]`))
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return []
  const named = Object.keys(schema.properties)
  return [
    ...Object.keys(value).filter((key) => !named.includes(key)),
    ...schema.required!.filter((key) => !Object.hasOwn(value, key)),
    ...Object.entries(value).flatMap(([key, item]) =>
      differences(schema.properties![key] ?? {}, item, `${place}.${key}`),
    ),
  ]
}

describe('the status of a shipper over HTTP', () => {
  it('are its figures of the moment, kept by no cache', async () => {
    const shipper = shipperWith('memory', 'other')
    shipper.write('{"msg":"one"}')
    const response = await createStatusHandler({ shipper })(new Request('http://localhost/status'))
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await response.json()).toMatchObject({
      lines: 1,
      sinks: [{ name: 'memory', pending: 1 }, { name: 'other' }],
    })
    await shipper.close()
  })

  it('is read only, below any prefix, and by those alone who may', async () => {
    const shipper = shipperWith('memory')
    const operator = { subject: 'operator', kind: 'api-key', via: 'header', roles: [], scopes: [], claims: {} } as const
    const auth: Authenticator = {
      name: 'token',
      scheme: { type: 'http', scheme: 'bearer' },
      authenticate: ({ headers }) => (headers.get('authorization') === 'Bearer x' ? operator : undefined),
    }
    const router = createRouter().mount('/logs', statusRouter({ shipper, auth }))
    const ask = async (init: RequestInit) =>
      (await router.fetch(new Request('http://localhost/logs/status', init))).status
    expect(await ask({})).toBe(401)
    expect(await ask({ headers: { authorization: 'Bearer x' } })).toBe(200)
    expect(await ask({ method: 'DELETE', headers: { authorization: 'Bearer x' } })).toBe(405)
    await shipper.close()
  })

  it('is described as it is', async () => {
    const document = await describeOpenApi()
    const { paths } = document as unknown as {
      readonly paths: Record<
        string,
        { get: { responses: Record<string, { content: Record<string, { schema: Schema }> }> } }
      >
    }
    const { schema } = paths['/status']!.get.responses['200']!.content['application/json']!
    const shipper = shipperWith('memory')
    const status: unknown = JSON.parse(JSON.stringify(shipper.status()))
    expect(differences(schema, status, '')).toEqual([])
    await shipper.close()
  })
})
