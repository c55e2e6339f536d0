export { type Alternative, redirect } from './decide.ts';
