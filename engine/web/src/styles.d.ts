// Style sheets are imported for the bundle's sake; they have no value.
declare module '*.css';
