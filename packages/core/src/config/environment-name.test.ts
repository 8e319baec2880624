import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { environmentName, environmentNames } from './environment-name.ts'
import { schemaKey, type ZodSchema } from './zod-schema.ts'

const asSchema = (schema: z.ZodType): ZodSchema => schema as unknown as ZodSchema

describe('environmentName', () => {
  it.each([
    [['port'], 'APP_PORT'],
    [['database', 'maxConnections'], 'APP_DATABASE__MAX_CONNECTIONS'],
    [['httpURL'], 'APP_HTTP_URL'],
    [['URLPath'], 'APP_URL_PATH'],
    [['s3Bucket'], 'APP_S3_BUCKET'],
    [['kebab-key'], 'APP_KEBAB_KEY'],
    [['snake_key'], 'APP_SNAKE_KEY'],
  ])('of %j is %s, and leads back', (path, name) => {
    expect(environmentName('APP_', path)).toBe(name)
    const key = path.at(-1)!
    const found = schemaKey(
      asSchema(z.object({ other: z.string(), [key]: z.string() })),
      name.split('__').at(-1)!.replace('APP_', ''),
      false,
    )
    expect(found).toMatchObject({ name: key })
  })

  it('lists all of a schema', () => {
    const schema = z.object({
      a: z.string(),
      b: z.object({ cD: z.number() }).optional(),
      e: z.record(z.string(), z.string()),
    })
    expect(environmentNames('', asSchema(schema))).toEqual(['A', 'B__C_D', 'E'])
  })
})
