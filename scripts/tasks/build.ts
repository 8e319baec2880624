import { inTurns } from '../lib/in-turns.ts'
import { mustCapture } from '../lib/must-capture.ts'
import { listPackages, type WorkspacePackage } from '../lib/packages.ts'
import { pinnedToolchain } from '../lib/toolchain.ts'
import { runTask, TaskFailure } from '../lib/task.ts'
import { packCheck } from '../pack-check/pack-check.ts'

const help = `
npm run build [-- options]

Builds every package into its dist folder, then packs, installs and loads the result as a user would.

  --no-pack-check   build only
  --no-build        check what was built before
  --help            this text
`

await runTask({
  name: 'build',
  help,
  options: { 'no-pack-check': { type: 'boolean' }, 'no-build': { type: 'boolean' } },
  async run({ values: options }) {
    const packages = listPackages()
    if (options['no-build'] !== true) await buildAll(packages)
    if (options['no-pack-check'] !== true) await checkAll(packages)
  },
})

/** core first, for the others are built on it; then two at a time. */
async function buildAll([core, ...others]: readonly WorkspacePackage[]): Promise<void> {
  await buildOne(core!)
  await inTurns(others, 2, buildOne)
}

async function buildOne({ folder, manifest }: WorkspacePackage): Promise<void> {
  const start = performance.now()
  await mustCapture('tsup', [], { cwd: folder })
  console.log(`built ${manifest.name} in ${seconds(start)}`)
}

async function checkAll(packages: readonly WorkspacePackage[]): Promise<void> {
  const start = performance.now()
  const folders = packages.map(({ folder }) => folder)
  const onStep = (step: string): void => console.log(`pack-check: ${step} …`)
  const problems = await packCheck({ folders, nodes: pinnedToolchain().nodes, onStep })
  for (const { where, problem } of problems) console.error(`  ${where}: ${problem}`)
  if (problems.length > 0) throw new TaskFailure(`pack-check: ${problems.length} problems.`)
  console.log(`pack-check: ${packages.length} packages are fit to publish (${seconds(start)})`)
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
