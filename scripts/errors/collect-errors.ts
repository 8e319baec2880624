import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listPackages, root } from '../lib/packages.ts'

/** What the reference says about an error. */
export interface ErrorDefinition {
  readonly message: string
  readonly help: string
  readonly retryable?: boolean
  readonly status?: number
}

/** One error of a package's registry. */
export interface RegisteredError {
  readonly code: string
  /** The package's folder name. */
  readonly packageId: string
  /** The registry's file below the repository's root. */
  readonly file: string
  readonly definition: ErrorDefinition
}

/** Every error that a package can throw, from the `errors.ts` files below its `src`. */
export async function collectErrors(): Promise<readonly RegisteredError[]> {
  const errors: RegisteredError[] = []
  for (const { id, folder } of listPackages())
    for (const file of globSync('src/**/errors.ts', { cwd: folder }).sort()) {
      const module = (await import(pathToFileURL(join(folder, file)).href)) as Readonly<Record<string, unknown>>
      for (const [code, definition] of Object.values(module).flatMap(definitionsOf))
        errors.push({ code, packageId: id, file: relative(root, join(folder, file)), definition })
    }
  return errors
}

function definitionsOf(exported: unknown): readonly (readonly [string, ErrorDefinition])[] {
  const registry = exported as { readonly definitions?: Readonly<Record<string, ErrorDefinition>> } | null
  return typeof registry?.definitions === 'object' ? Object.entries(registry.definitions) : []
}
