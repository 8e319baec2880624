import { join } from 'node:path'
import { missingAfterInstall } from './install-on-first-use.ts'

const folder = join(import.meta.dirname, '..', 'valhalla')

/**
 * The folder of the npm package `@valhallajs/valhallajs`, installed where that has not been done; undefined with the reason
 * where it cannot be. With CI=true nothing may be skipped: then the reason fails the test.
 */
export async function findValhalla(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const missing = await missingAfterInstall('Valhalla', folder)
  return missing === undefined ? { folder: join(folder, 'node_modules/@valhallajs/valhallajs') } : { missing }
}
