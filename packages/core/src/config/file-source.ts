import type { Disk } from '../disk/disk.ts'
import { systemDisk } from '../disk/system-disk.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { parseJsonc, type JsoncResult, type TextPosition } from './jsonc.ts'
import { isPlainObject, objectEntries } from './object-entries.ts'
import { readFileText } from './read-file-text.ts'
import type { ConfigLayer, ConfigProblem, ConfigSource } from './source.ts'
import type { ZodSchema } from './zod-schema.ts'

/** Options of {@link file}. */
export interface FileSourceOptions {
  /** A file that is not there counts as empty. @default false */
  readonly optional?: boolean | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
}

/**
 * Values from a JSON file, with comments and trailing commas allowed, nested like the configuration itself.
 *
 * @example
 * ```ts
 * import { defineConfig, defaults, file } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const schema = z.object({ port: z.number() })
 * const config = defineConfig({ schema, sources: [defaults({ port: 8080 }), file('app.json', { optional: true })] })
 * console.log(config.port) // 8080
 * ```
 */
export function file(path: string, { optional = false, disk = systemDisk }: FileSourceOptions = {}): ConfigSource {
  return {
    read(schema) {
      try {
        return readTree(path, parseJsonc(readFileText(disk, path)), schema)
      } catch (error) {
        if (!ExprsnError.is(error)) throw error
        if (optional && error.code === 'CORE_DISK_NOT_FOUND') return { entries: [] }
        return failed(path, 'a readable file', error.message)
      }
    },
    place: (keys) => `${path} "${keys.join('.')}"`,
  }
}

function readTree(path: string, result: JsoncResult, schema: ZodSchema | undefined): ConfigLayer {
  if (!('value' in result)) return failed(path, 'valid JSON', syntaxError(result.wrongAt))
  if (!isPlainObject(result.value)) return failed(path, 'a JSON object', typeName(result.value))
  return objectEntries(result.value, path, schema)
}

function syntaxError(position: TextPosition | undefined): string {
  return position ? `a syntax error at line ${position.line}, column ${position.column}` : 'a syntax error'
}

function failed(path: string, expected: string, got: string): ConfigLayer {
  const problem: ConfigProblem = { path: '', expected, got, source: path }
  return { entries: [], problems: [problem] }
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`
}
