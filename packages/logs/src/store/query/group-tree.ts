import type { Label } from './group-rows.ts'

interface Branch {
  readonly branches: Map<Label, Branch>
  /** Of the labels that lead here, where there is one. */
  group: number | undefined
}

/** Numbers combinations of labels in the order in which they come, by one label after the other: no key is made of them. */
export class GroupTree {
  readonly #root: Branch = { branches: new Map(), group: undefined }
  readonly #labels: (readonly Label[])[] = []

  /** Labels by group. */
  get labels(): readonly (readonly Label[])[] {
    return this.#labels
  }

  /** The group of labels. */
  groupOf(labels: readonly Label[]): number {
    let branch = this.#root
    for (const label of labels) {
      let next = branch.branches.get(label)
      if (next === undefined) {
        next = { branches: new Map(), group: undefined }
        branch.branches.set(label, next)
      }
      branch = next
    }
    return (branch.group ??= this.#labels.push(labels) - 1)
  }
}
