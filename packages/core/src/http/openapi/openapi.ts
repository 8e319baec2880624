import type { StandardSchema } from '../../config/standard-schema.ts'
import { mediaTypeOf } from '../content-type.ts'
import { parameterNames, parsePath } from '../path-pattern.ts'
import type { RouteEntry, Router } from '../router.ts'
import { statusText } from '../status-text.ts'
import { createSchemaWriter, type JsonSchema, type SchemaWriter } from './json-schema.ts'
import { problemSchema } from './problem-schema.ts'

/** What a description says about the service as a whole. */
export interface OpenApiInfo {
  readonly title: string
  /** Of the interface. */
  readonly version: string
  readonly description?: string | undefined
  /** Where it can be reached. @default none */
  readonly servers?: readonly { readonly url: string; readonly description?: string | undefined }[] | undefined
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1'
  readonly info: JsonSchema
  readonly servers?: readonly JsonSchema[] | undefined
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>
  readonly components: JsonSchema
}

/**
 * Describes the routes of a router in OpenAPI 3.1. The same routes always give the same text, so that the document can be
 * committed and compared. Schemas are those of zod, or of a library that implements Standard JSON Schema.
 *
 * @example
 * ```ts
 * import { createRouter, openapi } from '@exprsn/core/http'
 *
 * const router = createRouter().route({ method: 'GET', path: '/jobs/:id', summary: 'One job', handler: () => ({}) })
 * const document = await openapi(router, { title: 'Jobs', version: '1.0.0' })
 * console.log(Object.keys(document.paths)) // [ '/jobs/{id}' ]
 * ```
 */
export async function openapi(router: Router, info: OpenApiInfo): Promise<OpenApiDocument> {
  const { title, version, description, servers } = info
  const writer = await createSchemaWriter()
  const paths: Record<string, Record<string, JsonSchema>> = {}
  const schemes: Record<string, unknown> = {}
  const shown = router.routes.filter(({ definition }) => definition.hidden !== true).toSorted(inOrder)
  for (const entry of shown) {
    for (const { name, scheme } of entry.authenticators) schemes[name] = scheme
    const item = (paths[templateOf(entry.path)] ??= {})
    item[entry.definition.method.toLowerCase()] = operation(entry, writer)
  }
  const schemas = { ...writer.components(), Problem: problemSchema }
  const document: OpenApiDocument = {
    openapi: '3.1.1',
    info: defined({ title, version, description }),
    servers: servers?.map(defined),
    paths,
    components: defined({ schemas, securitySchemes: Object.keys(schemes).length === 0 ? undefined : sorted(schemes) }),
  }
  return JSON.parse(JSON.stringify(document)) as OpenApiDocument
}

function inOrder(left: RouteEntry, right: RouteEntry): number {
  const [a, b] = [left, right].map(({ path, definition }) => `${templateOf(path)} ${definition.method}`)
  return a! < b! ? -1 : 1
}

function templateOf(path: string): string {
  return path.replace(/\/[:*](\w+)/g, '/{$1}')
}

function operation(entry: RouteEntry, writer: SchemaWriter): JsonSchema {
  const { path, definition, authenticators, required } = entry
  const { summary, description, tags, deprecated, body, bodyKind } = definition
  const operationId = definition.operationId ?? operationName(definition.method, path)
  const needs = authenticators.map(({ name }) => ({ [name]: definition.allow?.scopes ?? [] }))
  return defined({
    operationId,
    summary,
    description,
    tags,
    deprecated,
    security: needs.length === 0 ? undefined : required ? needs : [...needs, {}],
    parameters: parameters(entry, writer, operationId),
    requestBody:
      body === undefined && bodyKind === undefined
        ? undefined
        : {
            required: true,
            content: content(mediaTypeOf(bodyKind ?? 'json'), body, writer, 'input', `${operationId}Body`),
          },
    responses: responses(entry, writer, operationId),
  })
}

function operationName(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}

function parameters({ path, definition }: RouteEntry, writer: SchemaWriter, owner: string): JsonSchema[] | undefined {
  const params = properties(definition.params, writer, `${owner}Path`)
  const query = properties(definition.query, writer, `${owner}Query`)
  const inPath = parameterNames(parsePath(path)).map((name) => {
    const schema = params.properties[name] ?? { type: 'string' }
    return { name, in: 'path', required: true, schema }
  })
  const inQuery = Object.entries(query.properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: query.required.includes(name),
    schema,
  }))
  const all = [...inPath, ...inQuery]
  return all.length === 0 ? undefined : all
}

function properties(schema: StandardSchema | undefined, writer: SchemaWriter, owner: string) {
  const written = schema === undefined ? {} : writer.write(schema, 'input', owner)
  return {
    properties: (written['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>,
    required: (written['required'] ?? []) as readonly string[],
  }
}

function responses({ definition }: RouteEntry, writer: SchemaWriter, owner: string): JsonSchema {
  const { responses: given = { 200: 'Done.' } } = definition
  const known = Object.entries(given).map(([status, answer]) => {
    if (typeof answer === 'string') return [status, { description: answer }]
    const media = Number(status) < 400 ? 'application/json' : 'application/problem+json'
    const described = content(media, answer, writer, 'output', `${owner}${status}`)
    return [status, { description: statusText(Number(status)), content: described }]
  })
  const problem = { schema: { $ref: '#/components/schemas/Problem' } }
  const other = { description: 'A problem (RFC 9457).', content: { 'application/problem+json': problem } }
  return { ...Object.fromEntries(known), default: other }
}

function content(
  media: string,
  schema: StandardSchema | undefined,
  writer: SchemaWriter,
  direction: 'input' | 'output',
  name: string,
): JsonSchema {
  return { [media]: schema === undefined ? {} : { schema: writer.write(schema, direction, name) } }
}

function defined(fields: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function sorted(fields: Readonly<Record<string, unknown>>): JsonSchema {
  return Object.fromEntries(Object.entries(fields).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}
