import { listPackages } from '../lib/packages.ts'
import { runTask } from '../lib/task.ts'
import { measurePackage, type PackageMeasures } from '../measure/measure-package.ts'
import { report } from '../measure/report.ts'

const help = `
npm run measure [-- options]

Prints each package's figures beside where we want them. Figures describe, they do not decide: the exit code is 0.
Build first (npm run build) to measure what users install.

  --json   the figures as JSON
  --help   this text
`

await runTask({
  name: 'measure',
  help,
  options: { json: { type: 'boolean' } },
  async run({ values: { json } }) {
    const measures: PackageMeasures[] = []
    for (const workspacePackage of listPackages()) measures.push(await measurePackage(workspacePackage))
    console.log(json === true ? JSON.stringify(measures, null, 2) : report(measures))
  },
})
