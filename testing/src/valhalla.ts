import { join } from 'node:path'
import { installOnFirstUse } from './install-on-first-use.ts'

const folder = join(import.meta.dirname, '..', 'valhalla')

/**
 * The folder of the npm package `@valhallajs/valhallajs`, installed where that has not been done; undefined with the reason
 * where it cannot be. With CI=true nothing may be skipped: then the reason fails the test.
 */
export async function findValhalla(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  try {
    await installOnFirstUse(folder)
    return { folder: join(folder, 'node_modules/@valhallajs/valhallajs') }
  } catch (error) {
    if (process.env.CI === 'true') throw error
    return { missing: `Valhalla could not be installed: ${String(error).slice(0, 300)}` }
  }
}
