import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { listPackages, root, sourceFiles } from '../lib/packages.ts'
import type { ErrorEvidence } from './check-errors.ts'
import { collectErrors } from './collect-errors.ts'
import { renderErrorReference } from './error-reference.ts'

const referenceFile = join(root, 'docs/errors.md')

/** What stands in this repository. */
export async function readErrorEvidence(): Promise<ErrorEvidence> {
  const files = listPackages().flatMap(sourceFiles)
  return {
    errors: await collectErrors(),
    reference: existsSync(referenceFile) ? readFileSync(referenceFile, 'utf8') : '',
    sources: new Map(files.map((file) => [relative(root, file), readFileSync(file, 'utf8')])),
  }
}

/** Writes docs/errors.md. */
export async function writeErrorReference(): Promise<void> {
  writeFileSync(referenceFile, renderErrorReference(await collectErrors()))
}
