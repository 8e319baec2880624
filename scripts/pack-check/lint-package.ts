import { readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { tail } from '../lib/must-capture.ts'
import { capture } from '../lib/run.ts'
import type { PackedPackage } from './pack.ts'

/** publint over the tarball's files; its suggestions count as problems too. */
export async function publintProblems({ manifest, tarball }: PackedPackage): Promise<string[]> {
  const bytes = readFileSync(tarball)
  const { messages } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true })
  return messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code)
}

/**
 * Are the Types Wrong over the tarball. The node10 column is left out: that resolution knows no `exports`, and every
 * supported Node and TypeScript does. So is `pino`, the target of a pino transport: only pino loads it, by its default export,
 * of which esbuild leaves no trace that this tool could see in a CommonJS file.
 */
export async function typeResolutionProblems({ tarball }: PackedPackage): Promise<string[]> {
  const flags = ['--profile', 'node16', '--no-definitely-typed', '--format', 'ascii', '--no-emoji', '--no-color']
  const excluded = ['--exclude-entrypoints', 'pino']
  const { code, stdout, stderr } = await capture('attw', [tarball, ...flags, ...excluded])
  return code === 0 ? [] : [`attw: ${tail(stdout + stderr)}`]
}
