import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurns } from '../lib/in-turns.ts'
import { pinnedTool } from '../lib/pinned-tool.ts'
import { backupHosts } from './backup-hosts.ts'
import { createConsumer } from './consumer.ts'
import { contentProblems } from './contents.ts'
import { bundleHosts, hostProblems, writeHosts } from './hosts.ts'
import { publintProblems, typeResolutionProblems } from './lint-package.ts'
import { pack, type PackedPackage } from './pack.ts'
import { consumerTypeProblems } from './type-consumer.ts'
import { workerHosts } from './worker-hosts.ts'

/** Something wrong with what would be published. */
export interface PackProblem {
  /** The package, or `consumer` when it shows only once all are installed together. */
  readonly where: string
  readonly problem: string
}

interface PackCheckOptions {
  /** Package folders, already built. */
  readonly folders: readonly string[]
  /** Versions of Node, from npm, under which the installed packages are loaded. */
  readonly nodes: readonly string[]
  /** Told what is being done. */
  readonly onStep?: ((step: string) => void) | undefined
}

/** Packs the packages, inspects the tarballs, installs them as a user would and loads them in every way there is. */
export async function packCheck({ folders, nodes, onStep }: PackCheckOptions): Promise<PackProblem[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'exprsn-pack-'))
  try {
    onStep?.('packing')
    const packed: PackedPackage[] = []
    for (const folder of folders) packed.push(await pack(folder, join(scratch, 'tarballs')))
    onStep?.('inspecting the tarballs')
    const problems = (await inTurns(packed, 2, inspect)).flat()
    onStep?.(`installing and loading them on Node ${nodes.join(' and ')}`)
    return [...problems, ...(await consumerProblems(packed, nodes, join(scratch, 'consumer')))]
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function inspect(packed: PackedPackage): Promise<PackProblem[]> {
  const contents = contentProblems(packed.files)
  const found = [...contents, ...(await publintProblems(packed)), ...(await typeResolutionProblems(packed))]
  return found.map((problem) => ({ where: packed.manifest.name, problem }))
}

async function consumerProblems(packed: readonly PackedPackage[], nodes: readonly string[], folder: string) {
  const problems = await loadEverywhere(packed, nodes, folder).catch((error: Error) => [error.message])
  return problems.map((problem) => ({ where: 'consumer', problem }))
}

async function loadEverywhere(packed: readonly PackedPackage[], nodes: readonly string[], folder: string) {
  const consumer = await createConsumer(packed, folder)
  const hosts = [...writeHosts(consumer)]
  const bundled = Promise.all([bundleHosts(consumer), workerHosts(consumer), backupHosts(consumer)])
  const bundling = await bundled.then((list) => list.flat()).catch((error: Error) => `bundling: ${error.message}`)
  if (typeof bundling !== 'string') hosts.push(...bundling)
  const binaries = await inTurns(nodes, 1, async (version) => ({ version, binary: await pinnedTool('node', version) }))
  const runs = binaries.flatMap(({ version, binary }) => hosts.map((host) => ({ version, binary, host })))
  const loading = await inTurns(runs, 2, ({ version, binary, host }) => hostProblems(host, binary, version))
  return [
    ...(typeof bundling === 'string' ? [bundling] : []),
    ...loading.flat(),
    ...(await consumerTypeProblems(consumer)),
  ]
}
