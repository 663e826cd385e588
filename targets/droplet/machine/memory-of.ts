/**
 * The memory of a droplet's size in MB, from its engine's answer. Terraform cannot tell it: while it plans a
 * resize, it still has the value of the old size. The kernel keeps some percent for itself; sizes are round.
 */
export function memoryOf({ MemTotal }: { readonly MemTotal: number }): number {
  const free = MemTotal / (1024 * 1024);
  const step = 2 ** Math.floor(Math.log2(free)) / 4;
  return Math.ceil(free / step) * step;
}
