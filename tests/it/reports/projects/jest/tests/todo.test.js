test.todo("todo");
