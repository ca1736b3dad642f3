"""The pages for people (/kunnskap/): every entry of the knowledge base to read, link to and print."""
