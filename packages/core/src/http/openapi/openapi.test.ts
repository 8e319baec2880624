import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { allow } from '../../auth/allow.ts'
import type { StandardSchema } from '../../config/standard-schema.ts'
import type { Authenticator } from '../authenticator.ts'
import { createRouter, type Router } from '../router.ts'
import { openapi, type OpenApiDocument } from './openapi.ts'

const info = { title: 'Jobs', version: '1.0.0', description: 'All of it', servers: [{ url: 'https://api.example' }] }
const key: Authenticator = {
  name: 'apiKey',
  scheme: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  authenticate: () => undefined,
}

interface Category {
  name: string
  children: Category[]
}
const category: z.ZodType<Category> = z.lazy(() => z.object({ name: z.string(), children: z.array(category) }))
const job = z.object({ id: z.int(), state: z.enum(['open', 'done']), at: z.iso.datetime() }).meta({ id: 'Job' })

function fullRouter(reversed = false): Router {
  const router = createRouter({ prefix: '/v1', auth: key })
  const routes = [
    () =>
      router.route({
        method: 'GET',
        path: '/jobs/:id',
        params: z.object({ id: z.int() }),
        query: z.object({ fields: z.array(z.string()).optional(), deep: z.boolean().default(false) }),
        responses: { 200: job, 404: z.object({ code: z.string() }) },
        summary: 'One job',
        tags: ['jobs'],
        handler: () => ({}),
      }),
    () =>
      router.route({
        method: 'POST',
        path: '/jobs',
        body: z.object({ job, tree: category }),
        responses: { 201: job, 202: 'Accepted for later.' },
        allow: allow({ scopes: ['jobs:write'] }),
        operationId: 'createJob',
        deprecated: true,
        handler: () => ({}),
      }),
    () => router.route({ method: 'GET', path: '/health', auth: false, handler: () => ({}) }),
    () => router.route({ method: 'GET', path: '/feed', auth: 'optional', handler: () => ({}) }),
    () => router.route({ method: 'PUT', path: '/files/*path', bodyKind: 'bytes', handler: () => ({}) }),
    () => router.route({ method: 'GET', path: '/internal', hidden: true, handler: () => ({}) }),
    () =>
      router.route({
        method: 'POST',
        path: '/tree',
        body: category,
        responses: { 200: category },
        handler: () => ({}),
      }),
  ]
  for (const add of reversed ? routes.toReversed() : routes) add()
  return router
}

const at = (document: OpenApiDocument, ...path: (string | number)[]): unknown =>
  path.reduce((value: unknown, name) => (value as Record<string, unknown>)[name], document)

describe('openapi', () => {
  it('gives a document that an independent validator accepts', async () => {
    const document = await openapi(fullRouter(), info)
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)
    expect(result.errors).toBeUndefined()
    expect(result.valid).toBe(true)
    const broken = { ...structuredClone(document), paths: { 'no-slash': {} } }
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('gives the same text for the same routes in any order', async () => {
    const texts = await Promise.all(
      [false, true].map(async (reversed) => JSON.stringify(await openapi(fullRouter(reversed), info))),
    )
    expect(texts[1]).toBe(texts[0])
  })

  it('describes parameters, bodies, answers and security', async () => {
    const document = await openapi(fullRouter(), info)
    expect(Object.keys(document.paths)).toEqual([
      '/v1/feed',
      '/v1/files/{path}',
      '/v1/health',
      '/v1/jobs',
      '/v1/jobs/{id}',
      '/v1/tree',
    ])
    const get = document.paths['/v1/jobs/{id}']!['get']!
    expect(get['operationId']).toBe('getV1JobsId')
    expect(
      (get['parameters'] as { name: string; in: string; required: boolean }[]).map((each) => [
        each.in,
        each.name,
        each.required,
      ]),
    ).toEqual([
      ['path', 'id', true],
      ['query', 'fields', false],
      ['query', 'deep', false],
    ])
    expect(get['security']).toEqual([{ apiKey: [] }])
    expect(at(document, 'paths', '/v1/jobs', 'post', 'security')).toEqual([{ apiKey: ['jobs:write'] }])
    expect(at(document, 'paths', '/v1/feed', 'get', 'security')).toEqual([{ apiKey: [] }, {}])
    expect(document.paths['/v1/health']!['get']!['security']).toBeUndefined()
    expect(at(document, 'paths', '/v1/jobs', 'post', 'responses', '202')).toEqual({
      description: 'Accepted for later.',
    })
    expect(at(document, 'paths', '/v1/files/{path}', 'put', 'requestBody', 'content')).toEqual({
      'application/octet-stream': {},
    })
    expect(at(document, 'paths', '/v1/jobs/{id}', 'get', 'responses', '404', 'content')).toHaveProperty([
      'application/problem+json',
    ])
    expect(at(document, 'components', 'securitySchemes', 'apiKey')).toEqual(key.scheme)
  })

  it('puts named and recursive schemas among the components, and every reference leads somewhere', async () => {
    const document = await openapi(fullRouter(), info)
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
    expect(references.length).toBeGreaterThan(5)
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\/[\w.-]+$/)
      expect(at(document, 'components', 'schemas')).toHaveProperty([reference.split('/').at(-1)!])
    }
    expect(references).toContain('#/components/schemas/Job')
    expect(text).not.toContain('$defs')
  })

  it('takes schemas of libraries that describe themselves, and shows nothing of those that do not', async () => {
    const validate = (value: unknown) => ({ value })
    const told = {
      '~standard': { version: 1, vendor: 'x', validate, jsonSchema: { input: () => ({ type: 'string' }) } },
    }
    const silent = { '~standard': { version: 1, vendor: 'y', validate } }
    const router = createRouter()
      .route({ method: 'POST', path: '/told', body: told as StandardSchema, handler: () => 1 })
      .route({ method: 'POST', path: '/silent', body: silent as StandardSchema, handler: () => 1 })
    const document = await openapi(router, { title: 'x', version: '1' })
    const schemaOf = (path: string) =>
      at(document, 'paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema')
    expect([schemaOf('/told'), schemaOf('/silent')]).toEqual([{ type: 'string' }, {}])
  })
})
