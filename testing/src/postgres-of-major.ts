import { findPostgres, type PostgresInstallation } from '@exprsn/backup/server'
import { join } from 'node:path'
import { missingAfterInstall } from './install-on-first-use.ts'

/**
 * PostgreSQL of a version that does not come with the checkout, installed where that has not been done; the reason where it cannot be.
 * With CI=true nothing may be skipped: then the reason fails the test.
 */
export async function postgresOfMajor(major: 16 | 17): Promise<PostgresInstallation | { readonly missing: string }> {
  const folder = join(import.meta.dirname, '..', `postgres-${major}`)
  const missing = await missingAfterInstall(`PostgreSQL ${major}`, folder)
  if (missing !== undefined) return { missing }
  const found = await findPostgres({ resolveFrom: join(folder, 'package.json') })
  return (
    found.find(({ version }) => version.major === major) ?? {
      missing: `there is no PostgreSQL ${major} for this platform`,
    }
  )
}
