/** `208 KiB`, `4 MiB`, `23.5 GiB`. */
export function printBytes(bytes: number): string {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? ['bytes', 1];
  return `${Number((bytes / size).toFixed(1))} ${unit}`;
}

/** `65,536` */
export const printCount = (count: number): string => count.toLocaleString('en-US');

const UNITS = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;
